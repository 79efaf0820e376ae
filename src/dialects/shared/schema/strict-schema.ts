/**
 * Schemas for upstreams that enforce them while sampling ("strict"), and require every object to be
 * closed and every property to be required
 * (https://platform.openai.com/docs/guides/structured-outputs).
 */
import { isObject } from '../../../anthropic/json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { mapSchema } from './schema-walk.ts'

/**
 * A strict copy of a schema, with `additionalProperties: false` and all properties required.
 * Undefined if that would change its meaning: a map with arbitrary keys, a union at the root.
 */
export function toStrictSchema(schema: JsonObject): JsonObject | undefined {
  let isOpen = ['anyOf', 'oneOf', 'allOf'].some((keyword) => schema[keyword] !== undefined)
  const strict = mapSchema(schema, '', (inner) => {
    if (inner['type'] !== 'object' && !isObject(inner['properties'])) {
      return inner
    }
    const { properties, additionalProperties, patternProperties } = inner
    if (
      !isObject(properties) ||
      patternProperties !== undefined ||
      (additionalProperties !== undefined && additionalProperties !== false)
    ) {
      isOpen = true
      return inner
    }
    return { ...inner, additionalProperties: false, required: Object.keys(properties) }
  })
  return isOpen ? undefined : strict
}

/** Whether a schema is strict already. */
export function isStrictSchema(schema: JsonObject): boolean {
  const strict = toStrictSchema(schema)
  return strict !== undefined && fingerprint(strict) === fingerprint(schema)
}

/** JSON that is independent of the order of keys and of `required`. */
function fingerprint(value: unknown, key = ''): string {
  if (Array.isArray(value)) {
    const items = value.map((item) => fingerprint(item))
    return `[${(key === 'required' ? items.toSorted() : items).join(',')}]`
  }
  if (isObject(value)) {
    const entries = Object.keys(value)
      .toSorted()
      .map((name) => `${JSON.stringify(name)}:${fingerprint(value[name], name)}`)
    return `{${entries.join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}
