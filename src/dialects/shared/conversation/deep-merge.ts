/** Merges JSON objects, since vendors' parameters are data with a path. */
import { isObject } from '../../../anthropic/json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'

/** A request body under construction: an optional field may be undefined, and is then omitted. */
export type Draft<Body> = {
  [Field in keyof Body]: object extends Pick<Body, Field> ? Body[Field] | undefined : Body[Field]
}

/** Completes a body: undefined fields are removed, and `layers` merged into it, weakest first. */
export function finishBody(draft: object, layers: readonly JsonObject[]): JsonObject {
  const sent = Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined))
  return layers.reduce(deepMerge, sent)
}

/**
 * Merges `over` into `under`: objects are merged, everything else is replaced. Neither is mutated.
 */
export function deepMerge(under: JsonObject, over: JsonObject): JsonObject {
  const merged = { ...under }
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key]
    merged[key] = isObject(below) && isObject(value) ? deepMerge(below, value) : value
  }
  return merged
}

/** An object with one value at a dotted path: `a.b` → `{ a: { b: value } }`. */
export function atPath(path: string, value: unknown): JsonObject {
  const [key = '', ...rest] = path.split('.')
  return { [key]: rest.length === 0 ? value : atPath(rest.join('.'), value) }
}
