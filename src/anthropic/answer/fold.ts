/** Events → message. A plain answer is a stream told in one piece, so the two cannot disagree. */
import { parseJson } from '../json.ts'
import type { AnswerBlock, Message, StreamEvent } from './message.ts'

/** A message that grows by events. Not to be shared. */
export interface Fold {
  take: (events: readonly StreamEvent[]) => void
  /** Throws where there is no whole message: the caller has looked for an `error` event before. */
  message: () => Message
}

/** Folds the events of one whole message. Throws where there is none. */
export function foldMessage(events: readonly StreamEvent[]): Message {
  const fold = createFold()
  fold.take(events)
  return fold.message()
}

/** A message without any event yet. */
export function createFold(): Fold {
  let message: Message | undefined
  const inputs = new Map<number, string>()

  function take(event: StreamEvent): void {
    switch (event.type) {
      case 'message_start':
        message = { ...event.message, content: [] }
        break
      case 'content_block_start':
        message?.content.push({ ...event.content_block })
        break
      case 'content_block_delta':
        applyDelta(message?.content[event.index], event, inputs)
        break
      case 'message_delta':
        message = message && { ...message, ...event.delta, usage: event.usage }
        break
      case 'content_block_stop':
      case 'message_stop':
      case 'ping':
      case 'error':
        break
    }
  }

  return {
    take: (events) => events.forEach(take),
    message() {
      if (message?.stop_reason === undefined || message.stop_reason === null) {
        throw new Error('events without a whole message')
      }
      for (const [index, json] of inputs) {
        const block = message.content[index]
        if (block?.type === 'tool_use') {
          block.input = toInput(json)
        }
      }
      return message
    },
  }
}

function applyDelta(
  block: AnswerBlock | undefined,
  { index, delta }: Extract<StreamEvent, { type: 'content_block_delta' }>,
  inputs: Map<number, string>,
): void {
  if (delta.type === 'input_json_delta') {
    inputs.set(index, (inputs.get(index) ?? '') + delta.partial_json)
  } else if (delta.type === 'text_delta' && block?.type === 'text') {
    block.text += delta.text
  } else if (delta.type === 'thinking_delta' && block?.type === 'thinking') {
    block.thinking += delta.thinking
  } else if (delta.type === 'signature_delta' && block?.type === 'thinking') {
    block.signature = delta.signature
  }
}

/** Arguments that are not JSON (cut by the token limit, or nonsense) are shown, not replaced by `{}`. */
function toInput(json: string): unknown {
  return json.trim() === '' ? {} : (parseJson(json) ?? { INVALID_JSON: json })
}
