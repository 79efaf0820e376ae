/** The Worker's side of the live log: lines are sent in batches, after the response. */
import type { LineFilter, StoredLine } from './line.ts'
import type { LiveLogObject } from './live-log-object.ts'

/** The namespace of the Durable Object of the live log. */
export type LiveLogNamespace = Pick<DurableObjectNamespace<LiveLogObject>, 'getByName'>

/** The name of the one object. */
const objectName = 'live-log'

/** How long a line waits for others of its isolate, in milliseconds. */
const gatherMs = 1000

/** The number of lines after which a batch is sent at once. */
const maxBatch = 50

/** Gathers the lines of an isolate. */
export class LiveLogFeed {
  #lines: { at: number; text: string }[] = []

  /** Adds a line. The promise that `waitUntil` gets resolves when its batch has been sent. */
  add(
    logs: LiveLogNamespace,
    { line, at }: { line: object; at: number },
    waitUntil: (promise: Promise<unknown>) => void,
  ): void {
    this.#lines.push({ at, text: JSON.stringify(line) })
    if (this.#lines.length === 1) {
      waitUntil(
        new Promise((resolve) => setTimeout(resolve, gatherMs)).then(() => this.#send(logs)),
      )
    } else if (this.#lines.length >= maxBatch) {
      waitUntil(this.#send(logs))
    }
  }

  async #send(logs: LiveLogNamespace): Promise<void> {
    const lines = this.#lines
    this.#lines = []
    if (lines.length > 0) {
      try {
        await logs.getByName(objectName).append(lines)
      } catch {
        // The live log is a convenience: Workers Logs has the same lines.
      }
    }
  }
}

/** The latest lines that pass a filter, the latest first. */
export async function listLines(
  logs: LiveLogNamespace,
  filter: LineFilter,
  limit: number,
): Promise<StoredLine[]> {
  return logs.getByName(objectName).list(filter, limit)
}

/** Server-sent events of lines that pass a filter. */
export async function watchLines(
  logs: LiveLogNamespace,
  filter: LineFilter,
): Promise<ReadableStream<Uint8Array>> {
  return logs.getByName(objectName).watch(filter)
}
