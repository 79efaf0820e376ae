/** JSON schemas of tools, with every keyword that some host cannot take. */
import type { Choices } from './choices.ts'
import { name, text } from './texts.ts'

type Json = Record<string, unknown>

const depth = 4

/** A schema; `left` is how many levels it may have below. */
export function schema(choices: Choices, size: number, left: number = depth): unknown {
  if (left === 0 || choices.chance(8)) {
    return leaf(choices, size)
  }
  return Object.assign({}, ...choices.few(3, () => keyword(choices, size, left - 1)))
}

function leaf(choices: Choices, size: number): unknown {
  return choices.one([
    () => ({}),
    () => true,
    () => ({ type: choices.one(['string', 'integer', 'object', 'array', 'null']) }),
    () => ({ const: text(choices, size) }),
    () => ({
      $ref: choices.one(['#', '#/$defs/n0', '#/$defs/a', '#/definitions/n1', '#/properties/n0']),
    }),
    () => ({ enum: choices.many(size, (index) => name(choices, index, size)) }),
    () => ({ type: 'string', pattern: text(choices, size), description: text(choices, size) }),
    () => ({ type: choices.many(size, () => choices.one(['string', 'null', 'object'])) }),
  ])()
}

function keyword(choices: Choices, size: number, left: number): Json {
  const inner = (): unknown => schema(choices, size, left)
  const key = choices.one([
    'properties',
    'properties',
    '$defs',
    'definitions',
    'patternProperties',
    'dependentSchemas',
    'allOf',
    'oneOf',
    'anyOf',
    'prefixItems',
    'items',
    'items',
    'not',
    'if',
    'then',
    'else',
    'additionalProperties',
    'propertyNames',
    'contains',
    'required',
    'enum',
    'examples',
    'description',
    'title',
    'default',
    'const',
    'type',
    'format',
    '$ref',
    'deep',
  ])
  switch (key) {
    case 'properties':
    case '$defs':
    case 'definitions':
    case 'patternProperties':
    case 'dependentSchemas':
      return { [key]: members(choices, size, inner) }
    case 'allOf':
    case 'oneOf':
    case 'anyOf':
    case 'prefixItems':
      return { [key]: list(choices, size, inner) }
    case 'required':
    case 'enum':
    case 'examples':
      return { [key]: list(choices, size, (index) => name(choices, index, size)) }
    case 'description':
    case 'title':
    case 'default':
    case 'const':
    case 'format':
      return { [key]: text(choices, size) }
    case 'type':
      return {
        type: choices.one(['object', 'array', 'string', ['object', 'null'], ['string', 'integer']]),
      }
    case '$ref':
      return { $ref: `#/$defs/${name(choices, 0, size)}` }
    case 'deep':
      return nested(choices, inner())
    default:
      return { [key]: inner() }
  }
}

function members(choices: Choices, size: number, make: (index: number) => unknown): Json {
  const entry = (index: number): [string, unknown] => [name(choices, index, size), make(index)]
  return Object.fromEntries(choices.chance(2) ? choices.few(3, entry) : choices.many(size, entry))
}

function list(choices: Choices, size: number, make: (index: number) => unknown): unknown[] {
  return choices.chance(2) ? choices.few(3, make) : choices.many(size, make)
}

/** As deep as a body may be, nearly. */
function nested(choices: Choices, inside: unknown): Json {
  const key = choices.one(['items', 'not', 'properties', 'allOf', 'anyOf', 'additionalProperties'])
  let value = inside
  for (let level = 0; level < 60; level += 1) {
    value =
      key === 'properties'
        ? { properties: { [`p${level}`]: value } }
        : { [key]: key === 'allOf' || key === 'anyOf' ? [value] : value }
  }
  return Object.assign({ type: 'object' }, value)
}
