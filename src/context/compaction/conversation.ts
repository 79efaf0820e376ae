/** The conversation after a compaction, and for servers that know no compaction of the gateway's. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, isObject } from '../../anthropic/json.ts'
import { toSummaryText } from '../../anthropic/request/find-compaction.ts'
import { findSeal } from './seal.ts'

const goOn = 'Continue from the state that the summary describes.'

/**
 * The messages with which a model continues. What the user wrote last stays as it is; where that is results
 * of tools, whose calls are summarized, the model is asked to continue.
 */
export function toContinued(messages: readonly unknown[], block: object): readonly unknown[] {
  const compacted = { role: 'assistant', content: [block] }
  const last = messages.findLastIndex((message) => isObject(message) && message['role'] === 'user')
  const remaining = messages.slice(last)
  return last === -1 || remaining.some(hasResult)
    ? [compacted, { role: 'user', content: goOn }]
    : [compacted, ...remaining]
}

function hasResult(message: unknown): boolean {
  return (
    isObject(message) &&
    asArray(message['content']).some(
      (block) => isObject(block) && String(block['type']).endsWith('_result'),
    )
  )
}

/**
 * The messages for Anthropic's own servers, which reject compactions that they did not make: the gateway's
 * last one becomes text, and what it replaces is left out. The same list if there is none.
 */
export function withoutOwnCompaction(messages: readonly unknown[]): readonly unknown[] {
  const index = messages.findLastIndex((message) => findOwn(message) !== -1)
  const message = messages[index]
  if (!isObject(message)) {
    return messages
  }
  const content = asArray(message['content'])
  const at = findOwn(message)
  const block = content[at]
  const summary = isObject(block) ? String(block['content']) : ''
  const rest = content.slice(at + 1)
  return [
    { role: 'user', content: [{ type: 'text', text: toSummaryText(summary) }] },
    ...(rest.length === 0 ? [] : [{ ...message, content: rest }]),
    ...messages.slice(index + 1),
  ]
}

/** The index of the last compaction of the gateway's in a message; -1 without any. */
function findOwn(message: unknown): number {
  return isObject(message) ? asArray(message['content']).findLastIndex(isOwnCompaction) : -1
}

function isOwnCompaction(block: unknown): block is JsonObject {
  return (
    isObject(block) &&
    block['type'] === 'compaction' &&
    typeof block['content'] === 'string' &&
    findSeal(block) !== undefined
  )
}
