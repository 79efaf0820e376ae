/**
 * The client's end of a response: opens with the first text, knows when it was last written to, and
 * coalesces writes that come faster than anybody can see. A write costs more than all else that is done
 * for a chunk (docs/decisions/012-gathered-writes.md has the measurements).
 */
import type { RequestTimers } from './timers.ts'

/** Text that follows the last write sooner than this is buffered for the rest of it, in milliseconds. */
const coalesceMs = 4

/** Characters that are never buffered for more. */
const maxBuffered = 16 * 1024

/** The beginning of a response is what a user waits for: so many writes are flushed at once, however fast. */
const promptWrites = 8

const encoder = new TextEncoder()

export interface ResponseWriterOptions {
  timers: RequestTimers
  /** Called once, with the body to respond with. */
  onOpen: (body: ReadableStream<Uint8Array>) => void
}

/** Writes one response body. */
export class ResponseWriter {
  readonly #options: ResponseWriterOptions
  #stream: WritableStreamDefaultWriter<Uint8Array> | undefined
  #buffer = ''
  /** What will flush the buffer. */
  #timeout: ReturnType<typeof setTimeout> | undefined
  /** Writes so far. */
  #writes = 0
  #pending = 0
  #lastWriteAt: number
  #isBroken = false

  constructor(options: ResponseWriterOptions) {
    this.#options = options
    this.#lastWriteAt = options.timers.now()
  }

  /** Whether there is a body to respond with. */
  get isOpen(): boolean {
    return this.#stream !== undefined
  }

  /** Whether a write failed: the client has disconnected. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  /** Writes that the client has not taken yet. */
  get pending(): number {
    return this.#pending
  }

  /**
   * Writes text, which may be empty. Returns a promise where the client must take what there is first
   * (backpressure: the upstream is not read meanwhile), and undefined where the text is buffered.
   */
  write(text: string): Promise<void> | undefined {
    if (text === '') {
      return undefined
    }
    this.#stream ??= this.#open()
    this.#buffer += text
    return this.#mayBuffer() ? undefined : this.#flush()
  }

  /** Flushes, and ends the body. */
  async close(): Promise<void> {
    if (this.#buffer !== '') {
      await this.#flush()
    }
    await this.#stream?.close()
  }

  /** Breaks the connection, so that no client takes what it got for a whole response. */
  async abort(): Promise<void> {
    this.#clear()
    await this.#stream?.abort().catch(() => {
      // The client has disconnected; nobody is left to receive it.
    })
  }

  /** Writes what `toText` returns after every silence of `afterMs`. Returns what ends that. */
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

  /** Whether the buffer can wait for more; if so, a timer will flush it. */
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

  async #flush(): Promise<void> {
    const { now } = this.#options.timers
    const text = this.#buffer
    this.#clear()
    this.#writes += 1
    this.#pending += 1
    this.#lastWriteAt = now()
    try {
      await this.#stream?.write(encoder.encode(text))
    } catch (error) {
      this.#isBroken = true
      throw error
    }
    this.#pending -= 1
    this.#lastWriteAt = now()
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
