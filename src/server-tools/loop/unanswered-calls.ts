/**
 * Calls of server tools that have not run yet: Anthropic's servers leave a call for the next
 * request if the model calls tools of the client's in the same turn.
 */
import { asObject, asString } from '../../anthropic/json.ts'
import { blocksOf, resultOf } from '../history/read-blocks.ts'
import { toServerToolName } from '../server-tools.ts'
import type { ServerCall } from '../tool.ts'

/** Those of the last assistant message. */
export function findUnansweredCalls(messages: readonly unknown[]): ServerCall[] {
  const at = messages.findLastIndex((message) => asObject(message)?.['role'] === 'assistant')
  const last = messages[at]
  const answered = new Set(messages.slice(at).flatMap((message) => blocksOf(message).map(resultOf)))
  return blocksOf(last).flatMap((block): ServerCall[] => {
    const id = asString(block['id'])
    const name = toServerToolName(asString(block['name']) ?? '')
    const isOpen = block['type'] === 'server_tool_use' && !answered.has(id)
    return isOpen && id !== undefined && name !== undefined
      ? [{ id, name, json: JSON.stringify(block['input'] ?? {}) }]
      : []
  })
}
