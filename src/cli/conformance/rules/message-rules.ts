/** The rules of a message (https://docs.claude.com/en/api/messages), as strict clients rely on them. */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asCount, asObject, asString, isObject } from '../../../anthropic/json.ts'

const stopReasons = new Set([
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'tool_use',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
  'compaction',
])

/** A sentence for each rule that a message breaks, of a stream's `message_start` as well. */
export function messageFaults(message: JsonObject): string[] {
  const usage = asObject(message['usage']) ?? {}
  const rules: [boolean, string][] = [
    [(asString(message['id']) ?? '') !== '', 'it has no id'],
    [message['type'] === 'message', 'its type is not message'],
    [message['role'] === 'assistant', 'its role is not assistant'],
    [(asString(message['model']) ?? '') !== '', 'it has no model'],
    [Array.isArray(message['content']), 'it has no content'],
    [asCount(usage['input_tokens']) !== undefined, 'it has no usage.input_tokens'],
    [asCount(usage['output_tokens']) !== undefined, 'it has no usage.output_tokens'],
  ]
  return rules.flatMap(([holds, fault]) => (holds ? [] : [fault]))
}

/** A sentence for each rule that the end of a message breaks, given its `stop_reason` and `stop_sequence`. */
export function stopFaults(stop: JsonObject, calls: number): string[] {
  const reason = asString(stop['stop_reason'])
  const sequence = stop['stop_sequence'] ?? null
  if (reason === undefined || !stopReasons.has(reason)) {
    return [`stop_reason is ${reason ?? 'missing'}`]
  }
  return [
    ...(calls > 0 && reason === 'end_turn'
      ? ['there are tool calls, but stop_reason is end_turn']
      : []),
    ...(calls === 0 && reason === 'tool_use' ? ['stop_reason is tool_use without a call'] : []),
    ...((reason === 'stop_sequence') === (sequence !== null)
      ? []
      : ['stop_reason and stop_sequence contradict each other']),
  ]
}

/** A sentence for each rule that the blocks of a message break. */
export function blockFaults(blocks: readonly unknown[]): string[] {
  return blocks.flatMap((each) => {
    const block = asObject(each) ?? {}
    switch (block['type']) {
      case 'text':
        return typeof block['text'] === 'string' ? [] : ['a text block has no text']
      case 'thinking':
        return typeof block['thinking'] === 'string' && typeof block['signature'] === 'string'
          ? []
          : ['a thinking block has no thinking and signature']
      case 'tool_use':
        return typeof block['id'] === 'string' &&
          typeof block['name'] === 'string' &&
          isObject(block['input'])
          ? []
          : ['a call has no id, name and input']
      default:
        return typeof block['type'] === 'string' ? [] : ['a block has no type']
    }
  })
}
