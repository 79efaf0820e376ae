/**
 * The types of a schema. Gemini requires exactly one per schema; JSON Schema allows none, several,
 * and `null` among them.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { isObject } from '../../../anthropic/json.ts'

const known = ['string', 'number', 'integer', 'boolean', 'array', 'object'] as const

/** A type of JSON Schema other than `null`. */
export type SchemaType = (typeof known)[number]

/** The types that a schema allows, and its other keywords. `isGuessed` means that it names no type. */
export interface SchemaTypes {
  /** The types that the schema allows, at least one. */
  types: SchemaType[]
  isNullable: boolean
  /** Whether the schema has no type of its own, so that any value was allowed. */
  isGuessed: boolean
  /** The schema with `const` as `enum`, and without null in it. */
  rest: JsonObject
}

/** Reads the types of a schema, from `type`, or else from its values and keywords. */
export function readTypes(schema: JsonObject): SchemaTypes {
  const { const: _, nullable, ...others } = schema
  const listed = readValues(schema)
  const values = listed?.filter((value) => value !== null)
  const rest = { ...others, ...(values === undefined ? {} : { enum: values }) }
  const stated: unknown[] = Array.isArray(schema['type']) ? schema['type'] : [schema['type']]
  const isNullable = nullable === true || stated.includes('null') || listed?.includes(null) === true
  const types = known.filter((type) => stated.includes(type))
  if (types.length > 0) {
    return { types: withoutInteger(types), isNullable, isGuessed: false, rest }
  }
  const inferred = inferType(rest, values)
  const isGuessed = inferred === undefined && !stated.includes('null')
  return { types: [inferred ?? 'string'], isNullable, isGuessed, rest }
}

/** The values that a schema lists in `enum` or `const`; undefined if it lists none. */
function readValues({ enum: listed, const: only }: JsonObject): readonly unknown[] | undefined {
  if (Array.isArray(listed)) {
    return listed
  }
  return only === undefined ? undefined : [only]
}

/** The types without `integer` if `number` is among them. */
function withoutInteger(types: SchemaType[]): SchemaType[] {
  return types.includes('number') ? types.filter((type) => type !== 'integer') : types
}

/** Infers the type of a schema without one from its values or keywords. */
function inferType(
  schema: JsonObject,
  values: readonly unknown[] | undefined,
): SchemaType | undefined {
  if (values !== undefined && values.length > 0) {
    return typeOf(values)
  }
  const byKeyword: readonly (readonly [SchemaType, readonly string[]])[] = [
    ['object', ['properties', 'required', 'additionalProperties', 'patternProperties']],
    ['array', ['items', 'prefixItems', 'minItems', 'maxItems', 'contains']],
    ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
    ['string', ['pattern', 'format', 'minLength', 'maxLength']],
  ]
  const found = byKeyword.find(([, keywords]) =>
    keywords.some((keyword) => schema[keyword] !== undefined),
  )
  return found?.[0]
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
