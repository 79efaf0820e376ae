/**
 * Walks a JSON Schema by position, so that a property *named* like a keyword (`format`, `pattern`,
 * `properties`) is not confused with one.
 */
import { isObject } from '../../../anthropic/json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'

/** Keywords whose value is one schema. */
const single = new Set([
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'propertyNames',
  'contains',
  'not',
  'if',
  'then',
  'else',
  'items',
])
/** Keywords whose value is a list of schemas, as `items` may be in older drafts. */
const listed = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems', 'items'])
/** Keywords whose value is an object of schemas by name. */
const named = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
])

type Visit = (schema: JsonObject, path: string) => JsonObject

/**
 * Applies `visit` to every schema in a schema, inner ones first, with each one's path below `path`.
 * Keys keep their order; the schema is not mutated.
 */
export function mapSchema(schema: JsonObject, path: string, visit: Visit): JsonObject {
  return visit(
    mapInner(schema, path, (inner, at) => mapSchema(inner, at, visit)),
    path,
  )
}

/** Applies `visit` only to the schemas directly in a schema. */
export function mapInner(schema: JsonObject, path: string, visit: Visit): JsonObject {
  const mapped = Object.entries(schema).map(([keyword, value]): [string, unknown] => [
    keyword,
    mapKeyword(keyword, value, `${path}.${keyword}`, visit),
  ])
  return Object.fromEntries(mapped)
}

function mapKeyword(keyword: string, value: unknown, path: string, visit: Visit): unknown {
  if (isObject(value) && single.has(keyword)) {
    return visit(value, path)
  }
  if (isObject(value) && named.has(keyword)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        name,
        isObject(inner) ? visit(inner, `${path}.${name}`) : inner,
      ]),
    )
  }
  if (Array.isArray(value) && listed.has(keyword)) {
    return value.map((inner: unknown, index) =>
      isObject(inner) ? visit(inner, `${path}.${index}`) : inner,
    )
  }
  return value
}

/** The object without some of its keys. */
export function omitKeys(object: JsonObject, keys: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.has(key)))
}
