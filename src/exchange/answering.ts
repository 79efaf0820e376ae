/** What an answer is read from: the attempts of one model call, or of several. Types only. */
import type { Failure } from '../anthropic/error.ts'
import type { OpenNext } from '../streaming/relay.ts'
import type { RawReply } from './protocols/protocol.ts'

export interface Answering {
  next: OpenNext
  /** No other attempt follows. */
  commit: () => void
  /** The answer has ended after content: completely, or with a failure. */
  settle: (failure: Failure | undefined) => void
  /** Headers of the response as it stands. */
  readonly headers: Record<string, string>
  /** The last failure as its upstream sent it; undefined where it is not passed on. */
  readonly raw: RawReply | undefined
}
