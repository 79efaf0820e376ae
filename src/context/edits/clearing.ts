/** What edits clear of a conversation, by the places of its blocks, and the conversation without it. */
import type { JsonObject } from '../../anthropic/json.ts'
import { isObject } from '../../anthropic/json.ts'

/** A block, by the index of its message and its own in that. */
export interface Place {
  message: number
  block: number
}

/**
 * `block`: the whole block. `result`: the content of a tool's result, which stays as the answer to its
 * call. `input`: the arguments of a call.
 */
export interface Clearing extends Place {
  what: 'block' | 'result' | 'input'
}

/** What a model reads in place of a result. The same words each time, as providers cache by prefix. */
export const clearedResult = '[Tool result cleared to save context]'

/** The messages after edits. A message of which nothing is left is left out; others keep their order. */
export function withoutCleared(
  messages: readonly unknown[],
  clearings: readonly Clearing[],
): readonly unknown[] {
  if (clearings.length === 0) {
    return messages
  }
  const byMessage = Map.groupBy(clearings, ({ message }) => message)
  return messages.flatMap((message, index) => {
    const cleared = byMessage.get(index)
    if (cleared === undefined || !isObject(message) || !Array.isArray(message['content'])) {
      return [message]
    }
    const content = clearBlocks(message['content'], cleared)
    return content.length === 0 ? [] : [{ ...message, content }]
  })
}

function clearBlocks(content: readonly unknown[], cleared: readonly Clearing[]): unknown[] {
  const byBlock = new Map(cleared.map(({ block, what }) => [block, what]))
  return content.flatMap((block, index) => {
    const what = byBlock.get(index)
    if (what === undefined || !isObject(block)) {
      return [block]
    }
    return what === 'block' ? [] : [clearIn(block, what)]
  })
}

function clearIn(block: JsonObject, what: 'result' | 'input'): JsonObject {
  return what === 'input'
    ? { ...block, input: {} }
    : { ...block, content: [{ type: 'text', text: clearedResult }] }
}
