/** How an answer ended, by its status and `incomplete_details`. */
import type { StopReason } from '../../../anthropic/answer/wire/message.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asObject, asString } from '../../../anthropic/json.ts'
import { classifyReason } from '../../shared/answer/unknown-reason.ts'

/** The end of an answer: a stop reason of Anthropic's, or how it failed. */
export type Finish =
  | { reason: StopReason }
  /** The answer is incomplete, and will stay so. */
  | 'truncated'
  /** The provider failed, with an error. */
  | 'failed'

/**
 * Classifies the end of a response; `status`, the last part of the event's name, applies if the
 * response has none.
 */
export function toFinish(response: JsonObject, status: string): Finish {
  switch (asString(response['status']) ?? impliedStatus(response) ?? status) {
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

/** The status of a response that has none, as some servers send it. */
function impliedStatus(response: JsonObject): string | undefined {
  if (asObject(response['error']) !== undefined) {
    return 'failed'
  }
  return asObject(response['incomplete_details']) === undefined ? undefined : 'incomplete'
}

/**
 * The stop reason of an incomplete response. An unknown reason still means that the answer is
 * incomplete.
 */
function toIncompleteReason(response: JsonObject): StopReason {
  const reason = asString(asObject(response['incomplete_details'])?.['reason']) ?? ''
  const found = classifyReason(reason)
  return found === 'refusal' || found === 'model_context_window_exceeded' ? found : 'max_tokens'
}
