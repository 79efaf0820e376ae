/** Merges schemas that must all hold into one: `allOf`, and keywords next to a union. */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, isObject } from '../../../anthropic/json.ts'
import { omitKeys } from '../../shared/schema/schema-walk.ts'

const allOf = new Set(['allOf'])

/** The schema with its `allOf` merged into it. */
export function mergeAllOf(schema: JsonObject): JsonObject {
  const branches = asArray(schema['allOf']).filter(isObject)
  return branches.length === 0
    ? omitKeys(schema, allOf)
    : mergeSchemas([omitKeys(schema, allOf), ...branches.map(mergeAllOf)])
}

/**
 * One schema for several that must all hold: properties and `required` are united, of other
 * keywords the last wins. Takes linear time.
 */
export function mergeSchemas(schemas: readonly JsonObject[]): JsonObject {
  const required = new Set(schemas.flatMap((schema) => asArray(schema['required'])))
  const properties = mergeProperties(schemas.map((schema) => schema['properties']).filter(isObject))
  const descriptions = new Set(
    schemas
      .map(({ description }) => description)
      .filter((text) => typeof text === 'string' && text !== ''),
  )
  const merged: JsonObject = {}
  for (const schema of schemas) {
    Object.assign(merged, schema)
  }
  return {
    ...merged,
    ...(properties === undefined ? {} : { properties }),
    ...(required.size === 0 ? {} : { required: [...required] }),
    ...(descriptions.size === 0 ? {} : { description: [...descriptions].join(' ') }),
  }
}

/**
 * The united `properties`: schemas of one name are merged, and a value that is no object replaces
 * earlier ones.
 */
function mergeProperties(holders: readonly JsonObject[]): JsonObject | undefined {
  const [first, ...others] = holders
  if (first === undefined || others.length === 0) {
    return first
  }
  const byName = new Map<string, unknown[]>()
  for (const [name, property] of holders.flatMap((holder) => Object.entries(holder))) {
    const before = byName.get(name)
    if (before !== undefined && isObject(property) && isObject(before[0])) {
      before.push(property)
    } else {
      byName.set(name, [property])
    }
  }
  return Object.fromEntries(
    [...byName].map(([name, all]): [string, unknown] => [
      name,
      all.length === 1 ? all[0] : mergeSchemas(all.filter(isObject)),
    ]),
  )
}
