/** What an answer is read from: the attempts of one model call, or of several. Types only. */
import type { Failure } from '../anthropic/error.ts'
import type { OpenNext } from '../streaming/relay.ts'
import type { RawReply } from './protocols/protocol.ts'

/** The source of an answer: opens upstream responses one after the other, and learns how each ended. */
export interface AnswerSource {
  next: OpenNext
  /** No other attempt follows. */
  commit: () => void
  /** The answer has ended after content: completely, or with a failure. */
  settle: (failure: Failure | undefined) => void
  /** The current headers of the response. */
  readonly headers: Record<string, string>
  /** The last failure as received; undefined if it is not passed through. */
  readonly raw: RawReply | undefined
}
