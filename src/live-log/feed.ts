/** The Worker's side of the live log: lines are sent in batches, after the response. */
import type { TimedLine } from './line-batch.ts'
import { LineBatch } from './line-batch.ts'
import type { LineFilter, StoredLine } from './line.ts'
import type { LiveLogObject } from './live-log-object.ts'

/** The namespace of the Durable Object of the live log. */
export type LiveLogNamespace = Pick<DurableObjectNamespace<LiveLogObject>, 'getByName'>

/** The name of the one object. */
const objectName = 'live-log'

/** How long a line waits for others of its isolate, in milliseconds. */
const gatherMs = 1000

/** Sends the lines of an isolate to the object. */
export class LiveLogFeed {
  readonly #batch = new LineBatch(gatherMs)

  /** Adds a line to those that wait. */
  add(
    logs: LiveLogNamespace,
    line: TimedLine,
    waitUntil: (promise: Promise<unknown>) => void,
  ): void {
    this.#batch.add(line, (lines) => append(logs, lines), waitUntil)
  }
}

async function append(logs: LiveLogNamespace, lines: readonly TimedLine[]): Promise<void> {
  const texts = lines.map(({ line, at }) => ({ at, text: JSON.stringify(line) }))
  try {
    await logs.getByName(objectName).append(texts)
  } catch {
    // The live log is a convenience: Workers Logs has the same lines.
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
