/** The input of a tool call in the history. */
import type { JsonObject } from '../../../anthropic/json.ts'
import { isObject, parseJson } from '../../../anthropic/json.ts'

/** Arguments are an object; clients also send null, JSON as a string, and bare values. */
export function toCallInput(input: unknown): JsonObject {
  if (isObject(input)) {
    return input
  }
  if (input === null || input === undefined || input === '') {
    return {}
  }
  const parsed = typeof input === 'string' ? parseJson(input) : undefined
  return isObject(parsed) ? parsed : { input }
}
