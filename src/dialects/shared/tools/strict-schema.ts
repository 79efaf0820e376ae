/**
 * Schemas for upstreams that enforce them while sampling ("strict"), and want every object closed
 * and every property required (https://platform.openai.com/docs/guides/structured-outputs).
 */
import { isObject } from '../../../anthropic/json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { mapSchema } from './schema-walk.ts'

/**
 * A copy that can be enforced: `additionalProperties: false` and everything required. Undefined
 * where that would change what the schema means: a map with free keys, a union at the root.
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

/** Whether a schema is strict as it stands. */
export function isStrictSchema(schema: JsonObject): boolean {
  const strict = toStrictSchema(schema)
  return strict !== undefined && fingerprint(strict) === fingerprint(schema)
}

/** JSON in which the order of keys and of `required` makes no difference. */
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
