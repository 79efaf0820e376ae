/**
 * Repairs tool schemas that Anthropic accepts and other upstreams reject: without a type,
 * properties or items, with a union or a restriction at the root. A change of meaning is reported.
 */
import { asArray, isObject } from '../../../anthropic/json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import { mapSchema, omitKeys } from './schema-walk.ts'

/**
 * The schema with an object with properties at its root, and with `items` in every array. A root of
 * another type is kept, for the upstream to reject.
 */
export function repairSchema(schema: JsonObject, path: string, report: Report): JsonObject {
  const merged = dropRootRestrictions(
    mergeRootUnion(followRootReference(schema), path, report),
    path,
    report,
  )
  const typed =
    merged['type'] === undefined || merged['type'] === null
      ? { type: 'object', ...omitKeys(merged, new Set(['type'])) }
      : merged
  return mapSchema(typed, path, (inner) => completeArray(completeObject(inner)))
}

/**
 * Keywords that must not be at the root: `schema must … not have
 * 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level` (OpenAI).
 */
const rootRestrictions = ['not', 'enum', 'const']

function dropRootRestrictions(schema: JsonObject, path: string, report: Report): JsonObject {
  const present = rootRestrictions.filter((keyword) => schema[keyword] !== undefined)
  for (const keyword of present) {
    report.drop(`${path}.${keyword}`)
  }
  return present.length === 0 ? schema : omitKeys(schema, new Set(present))
}

/**
 * Adds `items: {}`, which has the same meaning, to an array (`array schema missing items`: OpenAI,
 * Azure).
 */
function completeArray(schema: JsonObject): JsonObject {
  const { type, items } = schema
  const isArray = type === 'array' || asArray(type).includes('array')
  return isArray && (items === undefined || items === null) ? { ...schema, items: {} } : schema
}

function completeObject(schema: JsonObject): JsonObject {
  const isTypeless = schema['type'] === undefined && isObject(schema['properties'])
  const typed: JsonObject = isTypeless ? { type: 'object', ...schema } : schema
  const isComplete = typed['type'] !== 'object' || isObject(typed['properties'])
  return isComplete || typed['$ref'] !== undefined ? typed : { ...typed, properties: {} }
}

/**
 * Resolves a reference at the root, `{ $ref: '#/$defs/Input', $defs }`, as pydantic generates it.
 */
function followRootReference(schema: JsonObject): JsonObject {
  const target = schema['$ref'] === undefined ? undefined : resolve(schema, schema)
  return isObject(target) ? { ...omitKeys(schema, new Set(['$ref'])), ...target } : schema
}

const unions = ['anyOf', 'oneOf', 'allOf'] as const

/**
 * Merges a union at the root into an object, since upstreams require one (`schema must not have
 * 'anyOf' at the top level`).
 */
function mergeRootUnion(schema: JsonObject, path: string, report: Report): JsonObject {
  const union = unions.find((keyword) => Array.isArray(schema[keyword]))
  if (union === undefined) {
    return schema
  }
  // References to one definition are one branch: its size would count for each.
  const branches = [...new Set(asArray(schema[union]).map((branch) => resolve(branch, schema)))]
  if (!branches.every(isObject)) {
    return schema
  }
  report.map(`${path}.${union}`, 'properties')
  const required = new Set([
    ...asArray(schema['required']),
    ...mergeRequired(branches, union === 'allOf'),
  ])
  return mergeRootUnion(
    {
      ...omitKeys(schema, new Set([union])),
      properties: mergeProperties([schema, ...branches]),
      ...(required.size === 0 ? {} : { required: [...required] }),
    },
    path,
    report,
  )
}

/** Resolves a `$ref` to the schema's own definitions, once. */
function resolve(branch: unknown, root: JsonObject): unknown {
  const reference = isObject(branch) ? branch['$ref'] : undefined
  if (typeof reference !== 'string') {
    return branch
  }
  const [, keyword = '', name = ''] = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(reference) ?? []
  const definitions = root[keyword]
  return isObject(definitions) ? definitions[name] : undefined
}

/** The properties of several schemas by name; different schemas of one name become a union. */
function mergeProperties(schemas: readonly JsonObject[]): JsonObject {
  const variants = new Map<string, Map<string, unknown>>()
  for (const { properties } of schemas) {
    for (const [name, property] of Object.entries(isObject(properties) ? properties : {})) {
      const known = variants.get(name) ?? new Map<string, unknown>()
      known.set(JSON.stringify(property), property)
      variants.set(name, known)
    }
  }
  return Object.fromEntries(
    [...variants].map(([name, different]): [string, unknown] => {
      const [first, ...others] = different.values()
      return [name, others.length === 0 ? first : { anyOf: [first, ...others] }]
    }),
  )
}

/** The `required` of several branches: with `every` the union, otherwise the intersection. */
function mergeRequired(branches: readonly JsonObject[], every: boolean): readonly unknown[] {
  const lists = branches.map((branch) => new Set(asArray(branch['required'])))
  const [first = new Set<unknown>(), ...others] = lists
  return every
    ? lists.flatMap((list) => [...list])
    : [...first].filter((name) => others.every((list) => list.has(name)))
}
