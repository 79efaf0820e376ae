/**
 * The start of a message, with an estimate of its input tokens, since the upstream has not counted
 * them yet.
 */
import type { Diagnostics } from './wire/diagnostics.ts'
import type { StreamEvent } from './wire/message.ts'

/**
 * The fields of a message that are known before its content: id, model, and the cache diagnostics that the
 * client asked for.
 */
export interface MessageIdentity {
  /** The message's id, `msg_…`. */
  id: string
  /** The model's name in the client's request. */
  model: string
  /** Absent if the client did not ask for it. */
  diagnostics?: Diagnostics | null | undefined
}

/** The `message_start` event. `estimatedInput` is in tokens. */
export function toStartEvent(
  { id, model, diagnostics }: MessageIdentity,
  estimatedInput: number,
): StreamEvent {
  return {
    type: 'message_start',
    message: {
      id,
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: {
        input_tokens: estimatedInput,
        output_tokens: 1,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
      },
      ...(diagnostics === undefined ? {} : { diagnostics }),
    },
  }
}
