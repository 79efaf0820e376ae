/** Lines of an isolate that are sent together, after the responses. */

/** A log line that waits to be sent. */
export interface TimedLine {
  line: object
  /** When the request ended, in epoch milliseconds. */
  at: number
}

/** The number of lines after which a batch is sent at once. */
const maxBatch = 50

/** Gathers lines for a while, so that no request has the costs of a batch. */
export class LineBatch {
  readonly #waitMs: number
  #lines: TimedLine[] = []

  /** `waitMs`: how long a line waits for others, in milliseconds. */
  constructor(waitMs: number) {
    this.#waitMs = waitMs
  }

  /** Adds a line. The promise that `waitUntil` gets resolves when the line's batch has been sent. */
  add(
    line: TimedLine,
    send: (lines: readonly TimedLine[]) => unknown,
    waitUntil: (promise: Promise<unknown>) => void,
  ): void {
    this.#lines.push(line)
    if (this.#lines.length === 1) {
      const waited = new Promise((resolve) => setTimeout(resolve, this.#waitMs))
      waitUntil(waited.then(() => this.#send(send)))
    } else if (this.#lines.length >= maxBatch) {
      waitUntil(Promise.resolve(this.#send(send)))
    }
  }

  #send(send: (lines: readonly TimedLine[]) => unknown): unknown {
    const lines = this.#lines
    this.#lines = []
    return lines.length > 0 ? send(lines) : undefined
  }
}
