/**
 * One answer being told: parts in, events out, stop sequences enforced, and how it ended. As long as no
 * content has been told, another upstream may go on where one has failed.
 */
import type { Failure } from '../error.ts'
import type { StopReason, StreamEvent, Usage } from './message.ts'
import type { Part } from './part.ts'
import type { StopFilter } from './stop-sequences.ts'
import { createStopFilter } from './stop-sequences.ts'
import type { Writer, WriterOptions } from './writer.ts'
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
  writer: Writer
  events: StreamEvent[]
  filter: StopFilter | undefined
  loses: AnswerOptions['loses']
  lost: Failure | undefined
  failure: Failure | undefined
  end: { usage: Usage; stopReason: StopReason } | undefined
}

/** An answer that has not begun. Keeps state; not to be shared. */
export function createAnswer(options: AnswerOptions): Answer {
  return new Telling({
    writer: createWriter(options),
    events: [],
    filter: toFilter(options.enforceStops),
    loses: options.loses,
    lost: undefined,
    failure: undefined,
    end: undefined,
  })
}

/** A class, since accessors of an object literal keep all that they can see (docs/decisions/013). */
class Telling implements Answer {
  readonly #state: State

  constructor(state: State) {
    this.#state = state
  }

  tell(parts: readonly Part[]): void {
    tell(this.#state, parts)
  }

  begin(): void {
    this.#state.writer.begin(this.#state.events)
  }

  markBegun(): void {
    this.#state.writer.markBegun()
  }

  restart(enforceStops: readonly string[]): void {
    restart(this.#state, enforceStops)
  }

  fail(failure: Failure): void {
    fail(this.#state, failure)
  }

  takeEvents(): StreamEvent[] {
    const { events } = this.#state
    this.#state.events = []
    return events
  }

  get ended(): boolean {
    return isOver(this.#state)
  }

  get begun(): boolean {
    return this.#state.writer.phase !== 'before'
  }

  get hasContent(): boolean {
    return this.#state.writer.hasContent
  }

  get lost(): Failure | undefined {
    return this.#state.lost
  }

  get failure(): Failure | undefined {
    return this.#state.failure
  }

  get usage(): Usage | undefined {
    return this.#state.end?.usage
  }

  get stopReason(): StopReason | undefined {
    return this.#state.end?.stopReason
  }

  get characters(): number {
    return this.#state.writer.characters
  }
}

function isOver({ writer, lost }: State): boolean {
  return writer.phase === 'after' || lost !== undefined
}

function tell(state: State, parts: readonly Part[]): void {
  for (const part of parts) {
    if (state.filter === undefined) {
      write(state, part)
    } else {
      const passed: Part[] = []
      state.filter.filter(part, passed)
      passed.forEach((piece) => write(state, piece))
    }
  }
}

function write(state: State, part: Part): void {
  if (isOver(state)) {
    return
  }
  if (part.type === 'failure' && mayLose(state)) {
    state.lost = part.failure
    return
  }
  state.writer.write(part, state.events)
  if (isOver(state)) {
    state.failure = state.writer.failure
    state.end = toEnd(state.events.at(-2))
  }
}

function mayLose({ loses, writer }: State): boolean {
  return loses === 'always' || (loses === 'before_content' && !writer.hasContent)
}

function toEnd(event: StreamEvent | undefined): State['end'] {
  return event?.type === 'message_delta'
    ? { usage: event.usage, stopReason: event.delta.stop_reason }
    : undefined
}

function restart(state: State, enforceStops: readonly string[]): void {
  if (state.writer.hasContent) {
    throw new Error('another upstream cannot go on after content')
  }
  state.filter = toFilter(enforceStops)
  state.lost = undefined
}

function fail(state: State, failure: Failure): void {
  state.loses = undefined
  state.lost = undefined
  write(state, { type: 'failure', failure })
}

function toFilter(sequences: readonly string[]): StopFilter | undefined {
  return sequences.length === 0 ? undefined : createStopFilter(sequences)
}
