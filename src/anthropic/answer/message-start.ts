/** How a message begins: with an estimate of its input, since no upstream has counted it yet. */
import type { StreamEvent } from './message.ts'

export interface Beginning {
  /** `msg_…` */
  id: string
  /** The name that the client asked for. */
  model: string
}

/** The `message_start` event. `estimatedInput`: tokens. */
export function toStartEvent({ id, model }: Beginning, estimatedInput: number): StreamEvent {
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
    },
  }
}
