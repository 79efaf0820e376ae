/** How far an answer has come, and what the client has received of it. Types. */
import type { Failure } from '../error.ts'
import type { StopReason } from './message.ts'
import type { TokenUsage } from './part.ts'

export type AnswerStatus =
  /** No content was sent: another upstream may answer instead. */
  | { phase: 'pending' }
  /** Content was sent. */
  | { phase: 'streaming' }
  /** The upstream has written all of the answer, whose end waits for something else. */
  | { phase: 'held' }
  /** The message is complete; nothing more is wanted of the body. `stopReason`: undefined where it is unknown. */
  | { phase: 'complete'; stopReason: StopReason | undefined }
  /** `retriable`: nothing was sent that rules another upstream out. Where it is false, the client has been sent the error. */
  | { phase: 'failed'; failure: Failure; retriable: boolean }

/** What was sent to the client, whether or not it is complete. */
export interface Delivered {
  /** As the upstream reported it, as far as it had; undefined where it reported none. */
  usage: TokenUsage | undefined
  /** Whether a part of `usage` is the gateway's estimate, since the upstream did not report it. */
  isEstimate?: boolean
  /** Characters of content; approximately for a message that is passed through. */
  characters: number
}

export const nothingDelivered: Delivered = { usage: undefined, characters: 0 }
