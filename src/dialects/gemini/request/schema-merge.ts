/** Schemas that hold together, as one: `allOf`, and what stands beside a union. */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, isObject } from '../../../anthropic/json.ts'
import { omitKeys } from '../../shared/tools/schema-walk.ts'

const allOf = new Set(['allOf'])

/** The schema with its `allOf` merged into it. */
export function mergeAllOf(schema: JsonObject): JsonObject {
  const branches = asArray(schema['allOf']).filter(isObject)
  return branches
    .map(mergeAllOf)
    .reduce((merged, branch) => mergeSchemas(merged, branch), omitKeys(schema, allOf))
}

/** Both hold: properties and requirements come together, of other keywords the later counts. */
export function mergeSchemas(first: JsonObject, second: JsonObject): JsonObject {
  const required = [...asArray(first['required']), ...asArray(second['required'])]
  const properties = mergeProperties(first['properties'], second['properties'])
  const description = [first['description'], second['description']].filter(
    (text) => typeof text === 'string' && text !== '',
  )
  return {
    ...first,
    ...second,
    ...(properties === undefined ? {} : { properties }),
    ...(required.length === 0 ? {} : { required: [...new Set(required)] }),
    ...(description.length === 0 ? {} : { description: [...new Set(description)].join(' ') }),
  }
}

function mergeProperties(first: unknown, second: unknown): JsonObject | undefined {
  if (!isObject(first) || !isObject(second)) {
    return isObject(second) ? second : isObject(first) ? first : undefined
  }
  const merged = new Map(Object.entries(first))
  for (const [name, property] of Object.entries(second)) {
    const present = merged.get(name)
    const areBoth = isObject(present) && isObject(property)
    merged.set(name, areBoth ? mergeSchemas(present, property) : property)
  }
  return Object.fromEntries(merged)
}
