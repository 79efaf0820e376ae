/**
 * One answer being told: parts in, events out, stop sequences enforced, and how it ended. As long as no
 * content has been told, another upstream may go on where one has failed.
 */
import type { Failure } from './error.ts'
import type { StopReason, StreamEvent, Usage } from './message.ts'
import type { Part } from './part.ts'
import type { StopFilter } from './stop-sequences.ts'
import { createStopFilter } from './stop-sequences.ts'
import type { WriterOptions } from './writer.ts'
import { createWriter } from './writer.ts'

export interface AnswerOptions extends WriterOptions {
  /** Stop sequences that the gateway must enforce itself. */
  enforceStops: readonly string[]
  /** When a failure is not told but `lost`, so that another upstream may go on; never where absent. */
  loses?: 'before_content' | 'always'
}

export interface Answer {
  /** Tells parts; what comes after the end is ignored. */
  tell: (parts: readonly Part[]) => void
  /** `message_start`, where nothing has been said yet. */
  begin: () => void
  /** Takes it that somebody else has said `message_start`. */
  markBegun: () => void
  /** Hears another upstream, whose stop sequences these are. Throws where content was told. */
  restart: (enforceStops: readonly string[]) => void
  /** The answer has failed for good. */
  fail: (failure: Failure) => void
  /** The events told since the last call. */
  takeEvents: () => StreamEvent[]
  /** Whether the message is complete or has failed: nothing more will be said. */
  readonly ended: boolean
  /** Whether `message_start` was said: the upstream has proved success, or the client was kept waiting. */
  readonly begun: boolean
  /** Whether a block was opened: from here on no other upstream may go on. */
  readonly hasContent: boolean
  /** Why the upstream gave nothing. */
  readonly lost: Failure | undefined
  /** Why it failed. */
  readonly failure: Failure | undefined
  /** The final usage, once it has ended well. */
  readonly usage: Usage | undefined
  readonly stopReason: StopReason | undefined
  /** Of content that was told. */
  readonly characters: number
}

interface State {
  filter: StopFilter | undefined
  loses: AnswerOptions['loses']
  lost: Failure | undefined
  failure: Failure | undefined
  end: { usage: Usage; stopReason: StopReason | null } | undefined
}

/** An answer that has not begun. Keeps state; not to be shared. */
export function createAnswer(options: AnswerOptions): Answer {
  const writer = createWriter(options)
  let events: StreamEvent[] = []
  const state: State = {
    filter: toFilter(options.enforceStops),
    loses: options.loses,
    lost: undefined,
    failure: undefined,
    end: undefined,
  }

  function mayLose(): boolean {
    return state.loses === 'always' || (state.loses === 'before_content' && !writer.hasContent)
  }

  function isOver(): boolean {
    return writer.phase === 'after'
  }

  function write(part: Part): void {
    if (isOver() || state.lost !== undefined) {
      return
    }
    if (part.type === 'failure' && mayLose()) {
      state.lost = part.failure
      return
    }
    writer.write(part, events)
    if (part.type === 'failure') {
      state.failure = part.failure
    } else if (isOver()) {
      const last = events.at(-2)
      state.end =
        last?.type === 'message_delta'
          ? { usage: last.usage, stopReason: last.delta.stop_reason }
          : undefined
      state.failure = writer.failure
    }
  }

  function tell(parts: readonly Part[]): void {
    for (const part of parts) {
      if (state.filter === undefined) {
        write(part)
      } else {
        const passed: Part[] = []
        state.filter.filter(part, passed)
        passed.forEach(write)
      }
    }
  }

  return {
    tell,
    begin: () => writer.begin(events),
    markBegun: () => writer.begin([]),
    restart(enforceStops) {
      if (writer.hasContent) {
        throw new Error('another upstream cannot go on after content')
      }
      state.filter = toFilter(enforceStops)
      state.lost = undefined
    },
    fail(failure) {
      state.loses = undefined
      state.lost = undefined
      write({ type: 'failure', failure })
    },
    takeEvents() {
      const taken = events
      events = []
      return taken
    },
    get ended() {
      return isOver() || state.lost !== undefined
    },
    get begun() {
      return writer.phase !== 'before'
    },
    get hasContent() {
      return writer.hasContent
    },
    get lost() {
      return state.lost
    },
    get failure() {
      return state.failure
    },
    get usage() {
      return state.end?.usage
    },
    get characters() {
      return writer.characters
    },
    get stopReason() {
      return state.end?.stopReason ?? undefined
    },
  }
}

function toFilter(sequences: readonly string[]): StopFilter | undefined {
  return sequences.length === 0 ? undefined : createStopFilter(sequences)
}
