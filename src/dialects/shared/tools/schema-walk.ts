/**
 * Walking a JSON Schema by position, so that a property that is *named* like a keyword (`format`,
 * `pattern`, `properties`) is never taken for one.
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
/** Keywords whose value is a list of schemas; `items` is one in older drafts. */
const listed = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems', 'items'])
/** Keywords whose value holds schemas by name. */
const named = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
])

type Visit = (schema: JsonObject, path: string) => JsonObject

/**
 * The schema with `visit` applied to every schema in it, inner ones first. `path` is the visited
 * schema's place, starting from `path`. Keys keep their order; nothing is changed in place.
 */
export function mapSchema(schema: JsonObject, path: string, visit: Visit): JsonObject {
  return visit(
    mapInner(schema, path, (inner, at) => mapSchema(inner, at, visit)),
    path,
  )
}

/** The schema with `visit` applied to the schemas right inside it, and not to those inside them. */
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
