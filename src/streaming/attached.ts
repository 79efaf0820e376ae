import type { StopReason, Usage } from '../anthropic/answer/message.ts'
/** The body of an upstream's answer on its way through: what it gives, and how it turned out. Types. */
import type { Failure } from '../anthropic/error.ts'

/** How a body turned out, as far as is known. */
export interface Outcome {
  /** The message is complete, or has failed for good: nothing more is wanted of the body. */
  ended: boolean
  /** Content was told: no other upstream may go on. */
  hasContent: boolean
  /** Why the body gave nothing: there was no content before. */
  lost: Failure | undefined
  /** Why it failed after content, where the client was told so. */
  failure: Failure | undefined
  /** Of a body that broke off: as far as it had said. */
  usage: Usage | undefined
  /** Of content that was told, about. */
  characters: number
  stopReason: StopReason | undefined
}

/** Nothing known yet. */
export const unsettled: Outcome = {
  ended: false,
  hasContent: false,
  lost: undefined,
  failure: undefined,
  usage: undefined,
  characters: 0,
  stopReason: undefined,
}

export interface Attached {
  /** Its name, for failures. */
  provider: string
  /** Takes one read; the text to send for it, often `''`. */
  feed: (bytes: Uint8Array) => string
  /** The body is complete. */
  finish: () => string
  /** The body broke, by no word of its own. */
  cut: (failure: Failure) => string
  /** What was held back for want of content, once the client has waited long enough. */
  release?: () => string
  readonly outcome: Readonly<Outcome>
}
