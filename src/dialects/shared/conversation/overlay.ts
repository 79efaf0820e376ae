/** Laying fields over a request: vendors' knobs are data, and land wherever their path says. */
import { isObject } from '../../../anthropic/json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'

/** `over` laid over `under`: objects merge, all else is replaced. Neither is changed. */
export function overlay(under: JsonObject, over: JsonObject): JsonObject {
  const merged = { ...under }
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key]
    merged[key] = isObject(below) && isObject(value) ? overlay(below, value) : value
  }
  return merged
}

/** An object with one value at a dotted path: `a.b` → `{ a: { b: value } }`. */
export function atPath(path: string, value: unknown): JsonObject {
  const [key = '', ...rest] = path.split('.')
  return { [key]: rest.length === 0 ? value : atPath(rest.join('.'), value) }
}
