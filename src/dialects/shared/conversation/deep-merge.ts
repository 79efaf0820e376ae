/** Merging JSON objects: vendors' parameters are data, and go wherever their path says. */
import { isObject } from '../../../anthropic/json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'

/** A request body while it is built: an optional field may be undefined, and is then left out. */
export type Draft<Body> = {
  [Field in keyof Body]: object extends Pick<Body, Field> ? Body[Field] | undefined : Body[Field]
}

/** The body without undefined fields, and with `layers` merged into it, weakest first. */
export function finishBody(draft: object, layers: readonly JsonObject[]): JsonObject {
  const sent = Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined))
  return layers.reduce(deepMerge, sent)
}

/** `over` merged into `under`: objects are merged, all else is replaced. Neither is changed. */
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
