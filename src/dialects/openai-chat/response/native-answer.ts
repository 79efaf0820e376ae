/**
 * Answers that are no chat completions though chat was asked for: Workers AI's older models give
 * `{ response, tool_calls, usage }`, whole or token by token, inside a `result` or without.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, isObject } from '../../../anthropic/json.ts'

/** The same as a chunk of a chat completion; the value itself where it is something else. */
export function fromNativeAnswer(value: unknown): unknown {
  if (!isObject(value) || 'choices' in value) {
    return value
  }
  const { result } = value
  if (isObject(result) && ('choices' in result || 'response' in result)) {
    return fromNativeAnswer(result)
  }
  return 'response' in value ? toChunk(value) : value
}

/** The last chunk has nulls where it has nothing. */
function toChunk({ response, tool_calls, usage }: JsonObject): JsonObject {
  const calls = asArray(tool_calls)
  return {
    choices: [
      {
        index: 0,
        delta: { content: response, ...(calls.length === 0 ? {} : { tool_calls: calls }) },
      },
    ],
    ...(isObject(usage) ? { usage } : {}),
  }
}
