/**
 * Converts JSON Schema to Gemini's `Schema` (https://ai.google.dev/api/caching#Schema) by a list of
 * allowed keywords: Gemini rejects a request with an unknown one. Other keywords go into the
 * description, where the model reads them.
 *
 *   schema ─▶ one without `allOf` ─▶ union: its branches, alone ─▶ one type: the keywords of that type
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, isObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import { inlineReferences } from '../../shared/schema/inline-references.ts'
import { omitKeys } from '../../shared/schema/schema-walk.ts'
import type { SchemaPlace } from './schema-keywords.ts'
import { toKeywords } from './schema-keywords.ts'
import { mergeAllOf, mergeSchemas } from './schema-merge.ts'
import { readTypes } from './schema-types.ts'

/** Converts a schema; `path` is its path in the client's body. */
export function toGeminiSchema(schema: JsonObject, path: string, report: Report): JsonObject {
  return convert(inlineReferences(schema, path, report), {
    path,
    report,
    room: { left: maxSchemas },
  })
}

/**
 * The most schemas that are written for one tool: nested unions multiply, since each branch repeats
 * the keywords next to the union.
 */
const maxSchemas = 2000

/** The characters next to a union that count as one schema in each of its branches. */
const charactersPerSchema = 500

function convert(schema: unknown, place: SchemaPlace): JsonObject {
  const { room } = place
  room.left -= 1
  if (room.left < 0) {
    place.report.drop(place.path)
    return { type: 'STRING' }
  }
  // `true` is a schema that allows any value.
  const { types, isNullable, isGuessed, rest } = readTypes(
    mergeAllOf(isObject(schema) ? schema : {}),
  )
  const union = readUnion(rest, place)
  if (union !== undefined && union.branches.length > 1) {
    return unite(union.branches, isNullable || union.isNullable, place)
  }
  if (union !== undefined) {
    return nullable(convert(union.branches[0], place), isNullable || union.isNullable)
  }
  if (isGuessed) {
    place.report.map(place.path, 'string')
  }
  const [type] = types
  if (type === undefined || types.length > 1) {
    return unite(
      types.map((each) => ({ ...rest, type: each })),
      isNullable,
      place,
    )
  }
  return nullable(toKeywords(type, rest, place, convert), isNullable)
}

function nullable(schema: JsonObject, isNullable: boolean): JsonObject {
  if (!isNullable) {
    return schema
  }
  const branches = asArray(schema['anyOf']).filter(isObject)
  return branches.length === 0
    ? { ...schema, nullable: true }
    : { anyOf: branches.map((branch) => nullable(branch, true)) }
}

/**
 * A union of schemas. `anyOf` must not have other keywords next to it, so each branch repeats them.
 */
function unite(
  branches: readonly JsonObject[],
  isNullable: boolean,
  place: SchemaPlace,
): JsonObject {
  return {
    anyOf: branches.map((branch) => nullable(convert(branch, place), isNullable)),
  }
}

/**
 * The branches of `anyOf` or `oneOf`, each merged with the keywords next to them. Undefined if
 * there are none, or if they only restrict (`anyOf: [{ required: ['a'] }, …]`).
 */
function readUnion(
  schema: JsonObject,
  { path, report, room }: SchemaPlace,
): { branches: JsonObject[]; isNullable: boolean } | undefined {
  const keyword = Array.isArray(schema['anyOf']) ? 'anyOf' : 'oneOf'
  const all = asArray(schema[keyword]).filter(isObject)
  const branches = all.filter((branch) => branch['type'] !== 'null')
  if (all.length === 0 || branches.every(isRestriction)) {
    return undefined
  }
  if (keyword === 'oneOf') {
    report.map(`${path}.oneOf`, 'anyOf')
  }
  const beside = omitKeys(schema, new Set([keyword]))
  const cost = Math.floor(JSON.stringify(beside).length / charactersPerSchema)
  return {
    branches: branches.map((branch) => {
      room.left -= cost
      return room.left < 0 ? branch : mergeSchemas([beside, branch])
    }),
    isNullable: branches.length < all.length,
  }
}

const shapes = ['type', 'properties', 'items', 'enum', 'const', 'anyOf', 'oneOf', 'allOf']

function isRestriction(branch: JsonObject): boolean {
  return shapes.every((keyword) => branch[keyword] === undefined)
}
