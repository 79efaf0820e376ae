/**
 * The Durable Object of the live log: the latest log lines of a gateway, and the streams of those who watch.
 * The Worker's side is feed.ts.
 */
import { DurableObject } from 'cloudflare:workers'

import { toSql } from '../ledger/storage/sql.ts'
import { LineTable } from './line-table.ts'
import type { LineFilter, StoredLine } from './line.ts'
import { toLineView } from './line.ts'

/** How often an idle stream sends a comment, in milliseconds, so that a proxy keeps it open. */
const pingEveryMs = 20_000

interface Viewer {
  filter: LineFilter
  controller: ReadableByteStreamController
}

/** The Durable Object of the live log. */
export class LiveLogObject extends DurableObject<Env> {
  readonly #table: LineTable
  readonly #viewers = new Set<Viewer>()
  readonly #encoder = new TextEncoder()
  #ping: ReturnType<typeof setInterval> | undefined

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#table = new LineTable(toSql(ctx.storage))
  }

  append(lines: { at: number; text: string }[]): void {
    const after = this.#table.append(lines)
    for (const viewer of this.#viewers) {
      const added = this.#table.list({ ...viewer.filter, after }, lines.length)
      added.toReversed().forEach((line) => this.#send(viewer, toEvent(line)))
    }
  }

  list(filter: LineFilter, limit: number): StoredLine[] {
    return this.#table.list(filter, limit)
  }

  /** Server-sent events of the lines that pass a filter: those that are kept after `after`, then new ones. */
  watch(filter: LineFilter): ReadableStream<Uint8Array> {
    let viewer: Viewer | undefined
    return new ReadableStream({
      type: 'bytes',
      start: (controller: ReadableByteStreamController) => {
        viewer = { filter, controller }
        this.#viewers.add(viewer)
        this.#ping ??= setInterval(() => this.#pingAll(), pingEveryMs)
        const missed = filter.after === undefined ? [] : this.#table.list(filter, 500).toReversed()
        this.#send(viewer, `: watching\n\n${missed.map(toEvent).join('')}`)
      },
      cancel: () => {
        if (viewer !== undefined) {
          this.#remove(viewer)
        }
      },
    })
  }

  #pingAll(): void {
    this.#viewers.forEach((viewer) => this.#send(viewer, ': ping\n\n'))
  }

  #send(viewer: Viewer, text: string): void {
    try {
      viewer.controller.enqueue(this.#encoder.encode(text))
    } catch {
      // The viewer has disconnected.
      this.#remove(viewer)
    }
  }

  #remove(viewer: Viewer): void {
    this.#viewers.delete(viewer)
    if (this.#viewers.size === 0 && this.#ping !== undefined) {
      clearInterval(this.#ping)
      this.#ping = undefined
    }
  }
}

function toEvent(line: StoredLine): string {
  return `id: ${line.id}\ndata: ${JSON.stringify(toLineView(line))}\n\n`
}
