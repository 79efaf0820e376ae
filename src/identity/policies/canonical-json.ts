/** JSON of which there is one text for a value: keys are sorted at every level, without white space. */
import { isObject } from '../../anthropic/json.ts'

/** Returns the text. Keys are in the order of their UTF-16 code units, as `sort` has it. */
export function toCanonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map((item) => toCanonicalJson(item ?? null)).join(',')}]`
  }
  if (!isObject(value)) {
    return JSON.stringify(value)
  }
  const fields = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${toCanonicalJson(value[key])}`)
  return `{${fields.join(',')}}`
}
