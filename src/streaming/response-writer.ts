/**
 * Writes the response body: opens it with the first text, knows the time of the last write, and
 * coalesces writes that are faster than visible. A write costs more than everything else that is
 * done for a chunk (docs/decisions/012-gathered-writes.md has the measurements).
 */
import type { RequestTimers } from './timers.ts'

/** Text within this many milliseconds after the last write is buffered for the rest of them. */
const coalesceMs = 4

/** The number of buffered characters that are flushed immediately. */
const maxBuffered = 16 * 1024

/**
 * The number of first writes that are flushed immediately, since users wait for the beginning of a
 * response.
 */
const promptWrites = 8

const encoder = new TextEncoder()

/** The timers of the request, and what is called with the body once it opens. */
export interface ResponseWriterOptions {
  timers: RequestTimers
  /** Called once, with the body of the response. */
  onOpen: (body: ReadableStream<Uint8Array>) => void
}

/** Writes one response body. */
export class ResponseWriter {
  readonly #options: ResponseWriterOptions
  #stream: WritableStreamDefaultWriter<Uint8Array> | undefined
  #buffer = ''
  /** The timer that will flush the buffer. */
  #timeout: ReturnType<typeof setTimeout> | undefined
  /** The number of writes so far. */
  #writes = 0
  #pending = 0
  #lastWriteAt: number
  #isBroken = false

  constructor(options: ResponseWriterOptions) {
    this.#options = options
    this.#lastWriteAt = options.timers.now()
  }

  /** Whether the response has a body. */
  get isOpen(): boolean {
    return this.#stream !== undefined
  }

  /** Whether a write failed because the client has disconnected. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  /** The number of writes that the client has not read yet. */
  get pending(): number {
    return this.#pending
  }

  /**
   * Writes text, which may be empty. Returns a promise if the client must read first (backpressure:
   * the upstream is not read meanwhile), and undefined if the text is buffered.
   */
  write(text: string): Promise<void> | undefined {
    if (text === '') {
      return undefined
    }
    this.#buffer += text
    return this.#mayBuffer() ? undefined : this.#flush()
  }

  /** Flushes, and ends the body. Rejects, as a write does, if the client has disconnected. */
  async close(): Promise<void> {
    if (this.#buffer !== '') {
      await this.#flush()
    }
    await this.#stream?.close().catch(this.#onBroken)
  }

  /** Aborts the connection, so that no client takes the response for complete. */
  async abort(): Promise<void> {
    this.#clear()
    await this.#stream?.abort().catch(() => {
      // The client has disconnected.
    })
  }

  /**
   * Writes the result of `toText` after every silence of `afterMs`. Returns a function that ends
   * this.
   */
  keepAlive(afterMs: number, toText: () => string): () => void {
    const { timers } = this.#options
    const tick = (): void => {
      const silentMs = timers.now() - this.#lastWriteAt
      const isDue = silentMs >= afterMs && this.#pending === 0
      if (isDue) {
        this.write(toText())?.catch(ignoreDisconnect)
      }
      cancel = timers.set(isDue ? afterMs : Math.max(afterMs - silentMs, afterMs / 10), tick)
    }
    let cancel = timers.set(afterMs, tick)
    return () => cancel()
  }

  #open(): WritableStreamDefaultWriter<Uint8Array> {
    const { readable, writable } = new IdentityTransformStream()
    this.#options.onOpen(readable)
    return writable.getWriter()
  }

  /** Whether the buffer may wait for more text; if so, a timer will flush it. */
  #mayBuffer(): boolean {
    if (this.#buffer.length >= maxBuffered) {
      return false
    }
    if (this.#timeout !== undefined) {
      return true
    }
    const earlyMs = this.#lastWriteAt + coalesceMs - this.#options.timers.now()
    if (earlyMs <= 0 || this.#writes < promptWrites) {
      return false
    }
    this.#timeout = setTimeout(() => {
      this.#flush().catch(ignoreDisconnect)
    }, earlyMs)
    return true
  }

  /** Writes what is buffered. Not an async function: what each write allocates is paid for by every chunk. */
  #flush(): Promise<void> {
    const text = this.#buffer
    this.#clear()
    this.#writes += 1
    this.#pending += 1
    this.#lastWriteAt = this.#options.timers.now()
    const stream = (this.#stream ??= this.#open())
    return stream.write(encoder.encode(text)).then(this.#onWritten, this.#onBroken)
  }

  readonly #onWritten = (): void => {
    this.#pending -= 1
    this.#lastWriteAt = this.#options.timers.now()
  }

  readonly #onBroken = (error: unknown): never => {
    this.#isBroken = true
    throw error
  }

  #clear(): void {
    this.#buffer = ''
    if (this.#timeout !== undefined) {
      clearTimeout(this.#timeout)
      this.#timeout = undefined
    }
  }
}

function ignoreDisconnect(): void {
  // The client has disconnected; the relay is notified by the signal or by its next write.
}
