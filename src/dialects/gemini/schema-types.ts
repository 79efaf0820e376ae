/**
 * The types of a schema. Gemini wants exactly one in each; JSON Schema allows none, several, and
 * `null` among them.
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { isObject } from '../../anthropic/json.ts'

const known = ['string', 'number', 'integer', 'boolean', 'array', 'object'] as const

export type SchemaType = (typeof known)[number]

export interface SchemaTypes {
  /** At least one, unless the schema allows nothing but null. */
  types: SchemaType[]
  isNullable: boolean
  /** The schema with `const` as `enum`, and without null in it. */
  rest: JsonObject
}

export function readTypes(schema: JsonObject): SchemaTypes {
  const { const: only, nullable, ...others } = schema
  const listed = Array.isArray(schema['enum'])
    ? schema['enum']
    : only === undefined
      ? undefined
      : [only]
  const values = listed?.filter((value) => value !== null)
  const rest = { ...others, ...(values === undefined ? {} : { enum: values }) }
  const said: unknown[] = Array.isArray(schema['type']) ? schema['type'] : [schema['type']]
  const types = known.filter((type) => said.includes(type))
  return {
    types: types.length === 0 ? [inferType(rest, values)] : withoutInteger(types),
    isNullable: nullable === true || said.includes('null') || (listed?.includes(null) ?? false),
    rest,
  }
}

/** A number may be an integer anyway. */
function withoutInteger(types: SchemaType[]): SchemaType[] {
  return types.includes('number') ? types.filter((type) => type !== 'integer') : types
}

/** A schema without a type is told by its values or its keywords; one of any value takes text. */
function inferType(schema: JsonObject, values: readonly unknown[] | undefined): SchemaType {
  if (values !== undefined && values.length > 0) {
    return typeOf(values)
  }
  const byKeyword: readonly (readonly [SchemaType, readonly string[]])[] = [
    ['object', ['properties', 'required', 'additionalProperties', 'patternProperties']],
    ['array', ['items', 'prefixItems', 'minItems', 'maxItems', 'contains']],
    ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
  ]
  const found = byKeyword.find(([, keywords]) =>
    keywords.some((keyword) => schema[keyword] !== undefined),
  )
  return found?.[0] ?? 'string'
}

function typeOf(values: readonly unknown[]): SchemaType {
  if (values.every((value) => typeof value === 'number')) {
    return values.every((value) => Number.isInteger(value)) ? 'integer' : 'number'
  }
  if (values.every((value) => typeof value === 'boolean')) {
    return 'boolean'
  }
  if (values.every(Array.isArray)) {
    return 'array'
  }
  return values.every(isObject) ? 'object' : 'string'
}
