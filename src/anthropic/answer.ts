/** One answer being told: parts in, events out, stop sequences enforced, and how it ended. */
import type { Failure } from './error.ts'
import type { StreamEvent, Usage } from './message.ts'
import type { Part } from './part.ts'
import { createStopFilter } from './stop-sequences.ts'
import type { WriterOptions } from './writer.ts'
import { createWriter } from './writer.ts'

export interface AnswerOptions extends WriterOptions {
  /** Stop sequences that the gateway must enforce itself. */
  enforceStops: readonly string[]
}

export interface Answer {
  /** Tells parts; what comes after the end is ignored. */
  tell: (parts: readonly Part[]) => void
  /** `message_start`, where nothing has been said yet. */
  begin: () => void
  /** The events told since the last call. */
  takeEvents: () => StreamEvent[]
  /** Whether the message is complete or has failed: nothing more will be said. */
  readonly ended: boolean
  /** Why it failed. */
  readonly failure: Failure | undefined
  /** The final usage, once it has ended well. */
  readonly usage: Usage | undefined
}

/** An answer that has not begun. Keeps state; not to be shared. */
export function createAnswer(options: AnswerOptions): Answer {
  const writer = createWriter(options)
  const filter =
    options.enforceStops.length === 0 ? undefined : createStopFilter(options.enforceStops)
  let events: StreamEvent[] = []
  let failure: Failure | undefined
  let usage: Usage | undefined

  function write(part: Part): void {
    if (writer.phase === 'after') {
      return
    }
    writer.write(part, events)
    if (part.type === 'failure') {
      ;({ failure } = part)
    } else if (part.type === 'stop') {
      const delta = events.at(-2)
      usage = delta?.type === 'message_delta' ? delta.usage : undefined
    }
  }

  function tell(parts: readonly Part[]): void {
    for (const part of parts) {
      if (filter === undefined) {
        write(part)
      } else {
        const passed: Part[] = []
        filter.filter(part, passed)
        passed.forEach(write)
      }
    }
  }

  return {
    tell,
    begin: () => writer.begin(events),
    takeEvents() {
      const taken = events
      events = []
      return taken
    },
    get ended() {
      return writer.phase === 'after'
    },
    get failure() {
      return failure
    },
    get usage() {
      return usage
    },
  }
}
