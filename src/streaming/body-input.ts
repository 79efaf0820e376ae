/** Reads one upstream's body into its transcoder, within limits of time and length. */
import type { Failure } from '../anthropic/error.ts'
import type { BodyReads } from './body-reads.ts'
import { brokenRead, createBodyReads, toBrokenRead } from './body-reads.ts'
import type { Form, Reading } from './response-format.ts'
import type { RequestTimers, Timeouts } from './timers.ts'
import { BodyDeadline } from './timers.ts'
import type { Transcoder } from './transcoder.ts'

/** The body of an upstream's response, and how to read it. */
export interface UpstreamBody {
  body: ReadableStream<Uint8Array>
  /** Whether it is a JSON document as opposed to events: nothing in it is of use before its end. */
  whole: boolean
  reading: Reading
  timeouts: Timeouts
  /** When the request was sent, in epoch milliseconds. */
  sentAt: number
}

export interface BodyInputOptions {
  timers: RequestTimers
  form: Form
  /** Whether the upstream is waited for, rather than the client. */
  isWaiting: () => boolean
  /** Called where the time is over while the client is waited for. */
  onStall: () => void
}

/** Bytes that one body may have; only a message is retained in memory. */
const maxBytes = { events: 128 * 1024 * 1024, message: 32 * 1024 * 1024 }

type Read = ReadableStreamReadResult<Uint8Array>

/** One body, read by read. */
export class BodyInput {
  readonly #provider: string
  readonly #transcoder: Transcoder
  readonly #reads: BodyReads
  readonly #deadline: BodyDeadline
  readonly #maxBytes: number
  #bytes = 0
  /** What was read last: its memory is used for the next read. */
  #chunk: Uint8Array | undefined
  #hasEnded = false
  /** Why the body was aborted. */
  #expired: Failure | undefined

  constructor(
    { body, whole, reading, timeouts, sentAt }: UpstreamBody,
    transcoder: Transcoder,
    { timers, form, isWaiting, onStall }: BodyInputOptions,
  ) {
    this.#provider = reading.provider
    this.#transcoder = transcoder
    this.#maxBytes = maxBytes[form]
    this.#reads = createBodyReads(body, { whole })
    this.#deadline = new BodyDeadline({
      timeouts,
      timers,
      sentAt,
      isWaiting,
      onExpire: (afterMs) => {
        this.#expired = { kind: 'upstream_timeout', provider: this.#provider, afterMs }
        this.cancel()
        if (!isWaiting()) {
          onStall()
        }
      },
    })
  }

  /** Whether the body has ended, or its answer. */
  get isOver(): boolean {
    return this.#hasEnded || this.#isAnswered
  }

  read(): Promise<Read> {
    return this.#reads.read(this.#chunk).catch(toBrokenRead)
  }

  /** Bytes came, or the upstream is read again after the client has taken what there was. */
  touch(): void {
    this.#deadline.touch()
  }

  /** Transcodes one read, or the end, or a failure. Returns the text to send. */
  transcode(read: Read): string {
    const chunk = read.done ? undefined : read.value
    this.#chunk = chunk
    this.#hasEnded = chunk === undefined || this.#reads.isLast(chunk)
    const failure = this.#toFailure(read)
    if (failure !== undefined) {
      return this.#transcoder.fail(failure)
    }
    if (chunk === undefined) {
      return this.#transcoder.end()
    }
    const text = this.#transcoder.write(chunk)
    return this.#hasEnded ? text + this.#endUnlessOver() : text
  }

  /** Aborts the body. */
  cancel(): void {
    this.#reads.cancel()
  }

  /** Stops the clock, and aborts what is left of the body. */
  close(): void {
    this.#deadline.stop()
    if (!this.#hasEnded) {
      this.cancel()
    }
  }

  #endUnlessOver(): string {
    return this.#isAnswered ? '' : this.#transcoder.end()
  }

  get #isAnswered(): boolean {
    const { phase } = this.#transcoder.status
    return phase !== 'pending' && phase !== 'streaming'
  }

  /** Why the body is of no more use. */
  #toFailure(read: Read): Failure | undefined {
    const provider = this.#provider
    if (this.#expired !== undefined) {
      return this.#expired
    }
    if (read === brokenRead) {
      return { kind: 'upstream_truncated', provider }
    }
    this.#bytes += read.value?.length ?? 0
    if (this.#bytes > this.#maxBytes) {
      return { kind: 'upstream_invalid_response', provider, detail: 'the answer is too long' }
    }
    return undefined
  }
}
