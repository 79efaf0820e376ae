/** Whether a request has anything that is to be cited: if not, nothing else of this room is loaded. */
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, asObject, isObject } from '../anthropic/json.ts'

/** Looks at the blocks of messages, and at those in results of tools. */
export function asksForCitations({ messages }: JsonObject): boolean {
  return asArray(messages).some(
    (message) => isObject(message) && asArray(message['content']).some(asks),
  )
}

function asks(block: unknown): boolean {
  if (!isObject(block)) {
    return false
  }
  switch (block['type']) {
    case 'document':
    case 'search_result':
      return asObject(block['citations'])?.['enabled'] === true
    case 'tool_result':
      return asArray(block['content']).some(asks)
    default:
      return false
  }
}
