/**
 * Converts JSON Schema to Moonshot's dialect "MFJS" (https://github.com/MoonshotAI/walle), whose
 * validator rejects a request for a single invalid tool:
 *
 *   At path 'properties.u': type should be defined in anyOf items instead of the parent schema
 *   references must start with #/$defs/
 *   when using $ref, other keywords may not be used alongside it
 */
import { asString, isObject } from '../../../anthropic/json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import { inlineReferences } from './inline-references.ts'
import { mapSchema, omitKeys } from './schema-walk.ts'

/** Converts a schema without changing its meaning. `path` is its path in the client's body. */
export function toMfjsSchema(schema: JsonObject, path: string, report: Report): JsonObject {
  const moved = mapSchema(moveDefinitions(schema), path, renameReference)
  const inlined = inlineReferences(moved, path, report, isPlainReference)
  return mapSchema(inlined, path, moveType)
}

/** Renames `definitions` of older drafts to `$defs`. */
function moveDefinitions(schema: JsonObject): JsonObject {
  const { definitions, $defs } = schema
  return isObject(definitions)
    ? {
        ...omitKeys(schema, new Set(['definitions'])),
        $defs: { ...definitions, ...(isObject($defs) ? $defs : {}) },
      }
    : schema
}

function renameReference(schema: JsonObject): JsonObject {
  const reference = asString(schema['$ref'])
  return reference?.startsWith('#/definitions/') === true
    ? { ...schema, $ref: reference.replace('#/definitions/', '#/$defs/') }
    : schema
}

/** Whether a schema is only a reference to a definition, which is allowed. */
function isPlainReference(schema: JsonObject): boolean {
  const reference = asString(schema['$ref'])
  return (
    reference !== undefined &&
    /^#\/\$defs\/[^/]+$/.test(reference) &&
    Object.keys(schema).length === 1
  )
}

/** Moves a `type` next to `anyOf` into the branches without one. */
function moveType(schema: JsonObject): JsonObject {
  const { type, anyOf } = schema
  if (type === undefined || !Array.isArray(anyOf)) {
    return schema
  }
  return {
    ...omitKeys(schema, new Set(['type'])),
    anyOf: anyOf.map((branch: unknown) =>
      isObject(branch) && branch['type'] === undefined && branch['$ref'] === undefined
        ? { type, ...branch }
        : branch,
    ),
  }
}
