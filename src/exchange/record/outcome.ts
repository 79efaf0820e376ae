/** How a model's answer ended. Types only. */
import type { StopReason } from '../../anthropic/answer/message.ts'
import type { TokenUsage } from '../../anthropic/answer/part.ts'
import type { Failure } from '../../anthropic/error.ts'

/** What reached the client, whether or not all of it did. */
export interface Delivered {
  /** As the upstream reported it, as far as it had; undefined where it reported none. */
  usage: TokenUsage | undefined
  /** Characters of content, approximately for a message that is passed through. */
  characters: number
}

/** An answer's end. `bug` is what was thrown where the gateway itself failed. */
export type Outcome =
  | { state: 'complete'; delivered: Delivered; stopReason: StopReason | undefined }
  | { state: 'failed'; delivered: Delivered; failure: Failure; bug: unknown }
  | { state: 'disconnected'; delivered: Delivered }
