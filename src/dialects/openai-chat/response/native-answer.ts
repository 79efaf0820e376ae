/**
 * Workers AI's native answers: its older models return `{ response, tool_calls, usage }` instead of
 * chat completions, streaming or not, with or without an enclosing `result`.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, isObject } from '../../../anthropic/json.ts'

/** Converts a native answer to a chat completion chunk; any other value is returned unchanged. */
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

/** Converts a native answer; its last chunk has null for absent fields. */
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
