/**
 * Validates values against a JSON schema. Keywords that are not supported here (formats, patterns,
 * bounds of numbers and strings, conditions) count as satisfied.
 */
import { asArray, asObject, isObject } from '../../anthropic/json.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { resolve, typesOf, walkOf } from './schema-walk.ts'
import type { Walk } from './schema-walk.ts'

/** Whether the value satisfies all supported keywords of the schema. */
export function matchesSchema(
  value: unknown,
  schema: unknown,
  walk: Walk = walkOf(schema),
): boolean {
  walk.remaining -= 1
  if (walk.remaining < 0) {
    return true
  }
  const resolved = resolve(schema, walk)
  return (
    matchesChoices(value, resolved, walk) &&
    matchesType(value, resolved) &&
    matchesProperties(value, resolved, walk) &&
    matchesItems(value, resolved, walk)
  )
}

function matchesChoices(value: unknown, schema: JsonObject, walk: Walk): boolean {
  const choices = asArray(schema['anyOf'] ?? schema['oneOf'])
  const constants = 'const' in schema ? [schema['const']] : asArray(schema['enum'])
  return (
    (constants.length === 0 || isOneOf(value, constants)) &&
    (choices.length === 0 || choices.some((choice) => matchesSchema(value, choice, walk))) &&
    asArray(schema['allOf']).every((part) => matchesSchema(value, part, walk))
  )
}

function matchesType(value: unknown, schema: JsonObject): boolean {
  const types = typesOf(schema)
  return types.length === 0 || types.some((type) => isType(value, type))
}

function isType(value: unknown, type: string): boolean {
  switch (type) {
    case 'object':
      return isObject(value)
    case 'array':
      return Array.isArray(value)
    case 'null':
      return value === null
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}

function matchesProperties(value: unknown, schema: JsonObject, walk: Walk): boolean {
  if (!isObject(value)) {
    return true
  }
  const properties = asObject(schema['properties']) ?? {}
  const closed = schema['additionalProperties'] === false
  return (
    asArray(schema['required']).every((name) => Object.hasOwn(value, String(name))) &&
    Object.entries(value).every(([name, part]) =>
      Object.hasOwn(properties, name) ? matchesSchema(part, properties[name], walk) : !closed,
    )
  )
}

function matchesItems(value: unknown, schema: JsonObject, walk: Walk): boolean {
  if (!Array.isArray(value)) {
    return true
  }
  const least = schema['minItems']
  return (
    (typeof least !== 'number' || value.length >= least) &&
    value.every((item) => matchesSchema(item, schema['items'] ?? {}, walk))
  )
}

function isOneOf(value: unknown, constants: readonly unknown[]): boolean {
  const json = JSON.stringify(value)
  return constants.some((constant) => JSON.stringify(constant) === json)
}
