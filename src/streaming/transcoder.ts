/** Converts the body of one upstream's answer to the text that the client gets. Types only. */
import type { AnswerStatus, Delivered } from '../anthropic/answer/answer-status.ts'
import type { Failure } from '../anthropic/error.ts'

/**
 * Transcodes one body. Synchronous and independent of stream APIs, so that a read costs at most one
 * write.
 */
export interface Transcoder {
  /** Transcodes one read. Returns the text to send, often `''`. */
  write: (bytes: Uint8Array) => string
  /** The body is complete: after this the status is `complete`, `failed` or `held`. */
  end: () => string
  /** Ends a body that failed, unless the message was complete. */
  fail: (failure: Failure) => string
  /** Returns text that is buffered because there is no content yet, for a client that waits. */
  release: () => string
  /**
   * Finishes an answer whose status is `held`: resolves to the text of the end, after which it is `complete`.
   */
  finish?: () => Promise<string>
  readonly status: AnswerStatus
  delivered: () => Delivered
}
