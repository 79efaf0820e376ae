/** How an answer ended: its status, and what is said of an incomplete one. */
import type { StopReason } from '../../../anthropic/answer/message.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asObject, asString } from '../../../anthropic/json.ts'

export type Finish =
  | { reason: StopReason }
  /** The answer is not all there, and will not be. */
  | 'truncated'
  /** The provider gave up, and says why. */
  | 'failed'

/** `status` where the answer itself says none: the last part of the event's name. */
export function toFinish(response: JsonObject, status: string): Finish {
  switch (asString(response['status']) ?? status) {
    case 'completed':
      return { reason: 'end_turn' }
    case 'incomplete':
      return { reason: toIncompleteReason(response) }
    case 'failed':
      return 'failed'
    default:
      // queued, in_progress, cancelled
      return 'truncated'
  }
}

/** An unknown reason still means that there would have been more to say. */
function toIncompleteReason(response: JsonObject): StopReason {
  const reason = asString(asObject(response['incomplete_details'])?.['reason']) ?? ''
  if (reason === 'content_filter') {
    return 'refusal'
  }
  return reason.includes('context') ? 'model_context_window_exceeded' : 'max_tokens'
}
