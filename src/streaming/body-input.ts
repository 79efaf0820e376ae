/** Reads one upstream's body, within timeouts and a maximal length. */
import type { Failure } from '../anthropic/error.ts'
import type { BodyReads, Read } from './body-reads.ts'
import { brokenRead, createBodyReads } from './body-reads.ts'
import type { Form, Reading } from './response-format.ts'
import type { RequestTimers, Timeouts } from './timers.ts'
import { BodyDeadline } from './timers.ts'

/** The body of an upstream's response, and how to read it. */
export interface UpstreamBody {
  body: ReadableStream<Uint8Array>
  /** Whether it is a JSON document rather than events, which is used only when complete. */
  isDocument: boolean
  reading: Reading
  timeouts: Timeouts
  /** When the request was sent, in epoch milliseconds. */
  sentAt: number
}

/** How a body is read: its form, the timers of the request, and how it depends on the relay. */
export interface BodyInputOptions {
  timers: RequestTimers
  form: Form
  /** Returns whether the relay waits for the upstream rather than for the client. */
  isWaiting: () => boolean
  /** Called when a timeout is exceeded while the relay waits for the client. */
  onStall: () => void
}

/** The maximal length of one body in bytes; only a message is buffered in memory. */
const maxBytes = { events: 128 * 1024 * 1024, message: 32 * 1024 * 1024 }

/** Reads one body. */
export class BodyInput {
  readonly #provider: string
  readonly #reads: BodyReads
  readonly #deadline: BodyDeadline
  readonly #maxBytes: number
  #bytes = 0
  /** The chunk of the last read, whose memory is reused for the next one. */
  #chunk: Uint8Array | undefined
  #hasEnded = false
  /** Why the body was aborted. */
  #expired: Failure | undefined

  constructor(
    { body, isDocument, reading, timeouts, sentAt }: UpstreamBody,
    { timers, form, isWaiting, onStall }: BodyInputOptions,
  ) {
    this.#provider = reading.provider
    this.#maxBytes = maxBytes[form]
    this.#reads = createBodyReads(body, { isDocument })
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

  /** Whether the last read was the end of the body, or its last bytes. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Reads on; the promise is the platform's own, and is rejected where the body is truncated. */
  read(): Promise<Read> {
    return this.#reads.read(this.#chunk)
  }

  /** Restarts the idle timeout: bytes arrived, or the upstream is read again after backpressure. */
  touch(): void {
    this.#deadline.touch()
  }

  /** Counts one read. Returns why the body cannot be used any more, if it cannot. */
  check(read: Read): Failure | undefined {
    const chunk = read.done ? undefined : read.value
    this.#chunk = chunk
    this.#hasEnded = chunk === undefined || this.#reads.isLast(chunk)
    return this.#toFailure(read)
  }

  /** Aborts the body. */
  cancel(): void {
    this.#reads.cancel()
  }

  /** Stops the timers, and aborts the rest of the body. */
  close(): void {
    this.#deadline.stop()
    if (!this.#hasEnded) {
      this.cancel()
    }
  }

  /** Returns why the body cannot be used any more. */
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
      return { kind: 'upstream_invalid_response', provider, detail: 'the response is too long' }
    }
    return undefined
  }
}
