/** The client's end of an answer: opens with the first text, and knows when it was last heard. */

const encoder = new TextEncoder()

export interface Outlet {
  /** Resolves when the client has taken it: a slow client slows the upstream down. */
  say: (text: string) => Promise<void>
  close: () => Promise<void>
  /** Breaks the connection off, so that no client takes what it got for a whole answer. */
  abort: () => Promise<void>
  readonly opened: boolean
  /** A write failed: the client has gone. */
  readonly broken: boolean
  readonly writing: boolean
  /** When something was last said, in epoch milliseconds. */
  readonly lastSaidAt: number
}

/** `onOpen` gets the body to answer with. */
export function createOutlet(onOpen: (body: ReadableStream<Uint8Array>) => void): Outlet {
  const state = { opened: false, broken: false, writing: false, lastSaidAt: Date.now() }
  let writer: WritableStreamDefaultWriter<Uint8Array> | undefined

  function open(): WritableStreamDefaultWriter<Uint8Array> {
    const { readable, writable } = new IdentityTransformStream()
    state.opened = true
    onOpen(readable)
    return writable.getWriter()
  }

  return Object.assign(state, {
    async say(text: string): Promise<void> {
      if (text === '') {
        return
      }
      writer ??= open()
      state.writing = true
      try {
        await writer.write(encoder.encode(text))
      } catch (error) {
        state.broken = true
        throw error
      }
      state.writing = false
      state.lastSaidAt = Date.now()
    },
    close: async () => writer?.close(),
    abort: async () => {
      await writer?.abort().catch(() => {
        // The client has gone; nobody is left to tell.
      })
    },
  })
}

/** Says something after every silence of `afterMs`. Returns what ends it. */
export function breakSilence(outlet: Outlet, afterMs: number, toText: () => string): () => void {
  let timer = setTimeout(tick, afterMs)

  function tick(): void {
    const silentMs = Date.now() - outlet.lastSaidAt
    const due = silentMs >= afterMs && !outlet.writing
    if (due) {
      outlet.say(toText()).catch(() => {
        // The client has gone; the pump hears of it by the signal or its next write.
      })
    }
    timer = setTimeout(tick, due ? afterMs : Math.max(afterMs - silentMs, afterMs / 10))
  }

  return () => clearTimeout(timer)
}
