/** The body of one upstream's answer, from its bytes to the text that the client gets. Types. */
import type { AnswerStatus, Delivered } from '../anthropic/answer/answer-status.ts'
import type { Failure } from '../anthropic/error.ts'

/** Transcodes one body. Synchronous, without any stream API, so that a read costs one write at most. */
export interface Transcoder {
  /** Takes one read of the body. Returns the text to send for it, often `''`. */
  write: (bytes: Uint8Array) => string
  /** The body is complete: after this the status is `complete`, `failed` or `held`. */
  end: () => string
  /** The body broke off for a reason of its own: a failure, unless it had all that a message needs. */
  fail: (failure: Failure) => string
  /** Returns text that was withheld because there is no content yet, for a client that waits. */
  release: () => string
  /** Where the status is `held`: resolves to the text of the end, after which it is `complete`. */
  finish?: () => Promise<string>
  readonly status: AnswerStatus
  delivered: () => Delivered
}
