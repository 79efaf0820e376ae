/** How a message begins: with an estimate of what it costs, since nobody has counted yet. */
import type { StreamEvent } from './message.ts'

export interface Beginning {
  /** `msg_…` */
  id: string
  /** The name that the client asked for. */
  model: string
  /** Input tokens as estimated, for `message_start` and for upstreams that report no usage. */
  estimatedInput: () => number
}

/** `message_start`. */
export function toStartEvent({ id, model, estimatedInput }: Beginning): StreamEvent {
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
        // Counted when it is told: an answer in one piece has its upstream's count by then.
        get input_tokens() {
          return estimatedInput()
        },
        output_tokens: 1,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
      },
    },
  }
}
