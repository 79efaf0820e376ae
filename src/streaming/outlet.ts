/**
 * The client's end of an answer: opens with the first text, knows when it was last heard, and gathers
 * what comes faster than anybody can see. A write costs more than all else that is done for a chunk
 * (docs/decisions/012-gathered-writes.md has the measurements).
 */
import type { Alarms } from './alarms.ts'

/** Text that follows the last write sooner than this waits for the rest of it, in milliseconds. */
const gatherMs = 4

/** Characters that are never made to wait for more. */
const gatherLength = 16 * 1024

/** The beginning of an answer is what a user waits for: so many writes go at once, however fast. */
const promptWrites = 8

const encoder = new TextEncoder()

export interface Outlet {
  /**
   * Gives a promise where the client must take what there is first (a slow client slows the upstream
   * down), and nothing where the text waits for more.
   */
  say: (text: string) => Promise<void> | undefined
  /** Says what waits, and ends. */
  close: () => Promise<void>
  /** Breaks the connection off, so that no client takes what it got for a whole answer. */
  abort: () => Promise<void>
  readonly opened: boolean
  /** A write failed: the client has gone. */
  readonly broken: boolean
  /** Writes that the client has not taken yet. */
  readonly pending: number
  /** When something was last said, in epoch milliseconds. */
  readonly lastSaidAt: number
}

interface State extends Mutable<Omit<Outlet, 'say' | 'close' | 'abort'>> {
  writer: WritableStreamDefaultWriter<Uint8Array> | undefined
  /** So far. */
  writes: number
  /** What waits for more, and what will end that. */
  held: string
  timer: ReturnType<typeof setTimeout> | undefined
}

type Mutable<Fields> = { -readonly [Name in keyof Fields]: Fields[Name] }

/** `onOpen` gets the body to answer with. */
export function createOutlet(onOpen: (body: ReadableStream<Uint8Array>) => void): Outlet {
  const state: State = {
    opened: false,
    broken: false,
    pending: 0,
    lastSaidAt: Date.now(),
    writer: undefined,
    writes: 0,
    held: '',
    timer: undefined,
  }
  return Object.assign(state, {
    say(text: string): Promise<void> | undefined {
      if (text === '') {
        return undefined
      }
      state.writer ??= open(state, onOpen)
      state.held += text
      return mustWait(state) ? undefined : write(state)
    },
    async close(): Promise<void> {
      if (state.held !== '') {
        await write(state)
      }
      await state.writer?.close()
    },
    async abort(): Promise<void> {
      drop(state)
      await state.writer?.abort().catch(() => {
        // The client has gone; nobody is left to tell.
      })
    },
  })
}

function open(
  state: State,
  onOpen: (body: ReadableStream<Uint8Array>) => void,
): WritableStreamDefaultWriter<Uint8Array> {
  const { readable, writable } = new IdentityTransformStream()
  state.opened = true
  onOpen(readable)
  return writable.getWriter()
}

/** Whether what is held can wait for more; if so, something will say it in time. */
function mustWait(state: State): boolean {
  if (state.held.length >= gatherLength) {
    return false
  }
  if (state.timer !== undefined) {
    return true
  }
  const earlyMs = state.lastSaidAt + gatherMs - Date.now()
  if (earlyMs <= 0 || state.writes < promptWrites) {
    return false
  }
  state.timer = setTimeout(() => {
    write(state).catch(() => {
      // The client has gone; the pump hears of it by the signal or its next write.
    })
  }, earlyMs)
  return true
}

/** Writes what is held. */
async function write(state: State): Promise<void> {
  const text = state.held
  drop(state)
  state.writes += 1
  state.pending += 1
  state.lastSaidAt = Date.now()
  try {
    await state.writer?.write(encoder.encode(text))
  } catch (error) {
    state.broken = true
    throw error
  }
  state.pending -= 1
  state.lastSaidAt = Date.now()
}

function drop(state: State): void {
  state.held = ''
  if (state.timer !== undefined) {
    clearTimeout(state.timer)
    state.timer = undefined
  }
}

/** Says something after every silence of `afterMs`. Returns what ends it. */
export function breakSilence(
  outlet: Outlet,
  { alarms, afterMs, toText }: { alarms: Alarms; afterMs: number; toText: () => string },
): () => void {
  let stop = alarms.set(afterMs, tick)

  function tick(): void {
    const silentMs = Date.now() - outlet.lastSaidAt
    const due = silentMs >= afterMs && outlet.pending === 0
    if (due) {
      outlet.say(toText())?.catch(() => {
        // The client has gone; the pump hears of it by the signal or its next write.
      })
    }
    stop = alarms.set(due ? afterMs : Math.max(afterMs - silentMs, afterMs / 10), tick)
  }

  return () => stop()
}
