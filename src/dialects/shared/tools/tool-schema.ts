/**
 * Repairs of tool schemas that MCP servers and zod write and upstreams refuse: no type, no
 * properties, a union where an object is wanted. What a schema means stays the same.
 */
import { asArray, isObject } from '../../../anthropic/json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import { mapSchema, omitKeys } from './schema-walk.ts'

/** A schema whose root is an object with properties. A root of another type is left to fail. */
export function repairSchema(schema: JsonObject, path: string, report: Report): JsonObject {
  const merged = mergeRootUnion(followRootReference(schema), path, report)
  const typed =
    merged['type'] === undefined || merged['type'] === null
      ? { type: 'object', ...omitKeys(merged, new Set(['type'])) }
      : merged
  return mapSchema(typed, path, completeObject)
}

function completeObject(schema: JsonObject): JsonObject {
  const isTypeless = schema['type'] === undefined && isObject(schema['properties'])
  const typed: JsonObject = isTypeless ? { type: 'object', ...schema } : schema
  const isComplete = typed['type'] !== 'object' || isObject(typed['properties'])
  return isComplete || typed['$ref'] !== undefined ? typed : { ...typed, properties: {} }
}

/** `{ $ref: '#/$defs/Input', $defs }`, as pydantic writes it. */
function followRootReference(schema: JsonObject): JsonObject {
  const target = schema['$ref'] === undefined ? undefined : resolve(schema, schema)
  return isObject(target) ? { ...omitKeys(schema, new Set(['$ref'])), ...target } : schema
}

const unions = ['anyOf', 'oneOf', 'allOf'] as const

/** Upstreams want an object at the root, and no union (`schema must not have 'anyOf' at the top level`). */
function mergeRootUnion(schema: JsonObject, path: string, report: Report): JsonObject {
  const union = unions.find((keyword) => Array.isArray(schema[keyword]))
  if (union === undefined) {
    return schema
  }
  const branches = asArray(schema[union]).map((branch) => resolve(branch, schema))
  if (!branches.every(isObject)) {
    return schema
  }
  report.map(`${path}.${union}`, 'properties')
  const properties: JsonObject = isObject(schema['properties']) ? { ...schema['properties'] } : {}
  for (const branch of branches) {
    addProperties(properties, branch['properties'])
  }
  const required = [
    ...asArray(schema['required']),
    ...mergeRequired(
      branches.map((branch) => asArray(branch['required'])),
      union === 'allOf',
    ),
  ]
  return mergeRootUnion(
    {
      ...omitKeys(schema, new Set([union])),
      properties,
      ...(required.length === 0 ? {} : { required: [...new Set(required)] }),
    },
    path,
    report,
  )
}

/** A `$ref` into the schema's own definitions, followed once. */
function resolve(branch: unknown, root: JsonObject): unknown {
  const reference = isObject(branch) ? branch['$ref'] : undefined
  if (typeof reference !== 'string') {
    return branch
  }
  const [, keyword = '', name = ''] = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(reference) ?? []
  const definitions = root[keyword]
  return isObject(definitions) ? definitions[name] : undefined
}

function addProperties(properties: JsonObject, added: unknown): void {
  for (const [name, property] of Object.entries(isObject(added) ? added : {})) {
    const present = properties[name]
    const isSame = JSON.stringify(present) === JSON.stringify(property)
    properties[name] = present === undefined || isSame ? property : { anyOf: [present, property] }
  }
}

/** All of them where every branch holds; else only what every branch asks for. */
function mergeRequired(lists: readonly (readonly unknown[])[], every: boolean): readonly unknown[] {
  return every
    ? lists.flat()
    : (lists[0] ?? []).filter((name) => lists.every((list) => list.includes(name)))
}
