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
 * Keys keep their order; the schema is not mutated. What `visit` leaves as it is is not copied: most
 * schemas of most requests, each of which has some dozens.
 */
export function mapSchema(schema: JsonObject, path: string, visit: Visit): JsonObject {
  return visit(
    mapInner(schema, path, (inner, at) => mapSchema(inner, at, visit)),
    path,
  )
}

/** Applies `visit` only to the schemas directly in a schema. */
export function mapInner(schema: JsonObject, path: string, visit: Visit): JsonObject {
  return mapValues(schema, (value, keyword) => mapKeyword(keyword, value, path, visit))
}

function mapKeyword(keyword: string, value: object, path: string, visit: Visit): unknown {
  if (isObject(value) && single.has(keyword)) {
    return visit(value, `${path}.${keyword}`)
  }
  if (isObject(value) && named.has(keyword)) {
    return mapValues(value, (inner, name) =>
      isObject(inner) ? visit(inner, `${path}.${keyword}.${name}`) : inner,
    )
  }
  if (Array.isArray(value) && listed.has(keyword)) {
    const mapped = value.map((inner: unknown, index) =>
      isObject(inner) ? visit(inner, `${path}.${keyword}.${index}`) : inner,
    )
    return mapped.every((inner, index) => inner === value[index]) ? value : mapped
  }
  return value
}

/** The object with its objects and arrays mapped; the same object if none of them changes. */
function mapValues(object: JsonObject, map: (value: object, key: string) => unknown): JsonObject {
  let changed: Map<string, unknown> | undefined
  for (const key of Object.keys(object)) {
    const value = object[key]
    const mapped = typeof value === 'object' && value !== null ? map(value, key) : value
    if (mapped !== value) {
      changed ??= new Map(Object.entries(object))
      changed.set(key, mapped)
    }
  }
  return changed === undefined ? object : Object.fromEntries(changed)
}

/** The object without some of its keys; the same object if it has none of them. */
export function omitKeys(object: JsonObject, keys: ReadonlySet<string>): JsonObject {
  const entries = Object.entries(object)
  const remaining = entries.filter(([key]) => !keys.has(key))
  return remaining.length === entries.length ? object : Object.fromEntries(remaining)
}
