/**
 * Runs a re-encoder over an upstream's body: the only stream code. One BYOB read of 16 KiB, one
 * decode, one write a read (docs/decisions/001-one-pump.md has the measurements).
 *
 * The loop lives in `waitUntil`, so it must hear of the client's leaving itself: the signal cancels
 * the read that is pending. Without that a silent upstream would go on for nobody.
 */
import { pingText } from '../anthropic/encode.ts'
import type { Failure } from '../anthropic/error.ts'
import type { Reencoder } from './reencoder.ts'

/** What the pump reads: the upstream's body, or why there is none. */
export type Source = { body: ReadableStream<Uint8Array> } | { failure: Failure }

/** The client's body; or a failure before anything was said, which has an HTTP status. */
export type Opened = Source

/** How an answer ended: whole, with an error event, or because the client left. */
export type Ending = 'complete' | 'failed' | 'left'

export interface PumpOptions {
  provider: string
  /** Fires when the client leaves. */
  signal: AbortSignal
  /** Keeps the isolate alive for the pump. */
  waitUntil: (promise: Promise<unknown>) => void
  /** Silence after which the client hears something: first `message_start`, then pings. */
  pingAfterMs: number
  /** Called once, when nothing more will be said. `error` is a bug of ours. */
  onEnd: (ending: Ending, error?: unknown) => void
}

/**
 * Resolves when the upstream's first event proves success, when it fails, or after `pingAfterMs`
 * (later failures are error events). `open` must honour the signal itself; it may not throw.
 */
export function pump(
  open: () => Promise<Source>,
  reencoder: Reencoder,
  options: PumpOptions,
): Promise<Opened> {
  const { promise, resolve } = Promise.withResolvers<Opened>()
  const outlet = createOutlet((body) => resolve({ body }))
  const stopPinging = startPinging(outlet, reencoder, options.pingAfterMs)

  async function run(): Promise<Ending> {
    const source = await open()
    if ('failure' in source) {
      await settle(reencoder.fail(source.failure))
    } else {
      await drain(source.body, reencoder, options, settle)
    }
    if (options.signal.aborted) {
      await outlet.abort()
      return 'left'
    }
    await outlet.close()
    return reencoder.answer.failure === undefined ? 'complete' : 'failed'
  }

  async function settle(text: string): Promise<void> {
    if (reencoder.answer.failure !== undefined && !outlet.opened) {
      resolve({ failure: reencoder.answer.failure })
      return
    }
    await outlet.say(text)
  }

  /** A write that fails means that the client has gone before the signal said so; all else is a bug. */
  async function recover(error: unknown): Promise<void> {
    if (outlet.broken || options.signal.aborted) {
      await outlet.abort()
      options.onEnd('left')
      return
    }
    await settle(reencoder.fail({ kind: 'internal' }))
    await outlet.close()
    options.onEnd('failed', error)
  }

  const end = run().then((ending) => options.onEnd(ending), recover)
  options.waitUntil(end.finally(stopPinging))
  return promise
}

/** Reads the body to its end, or until the message has ended or the client has left. */
async function drain(
  body: ReadableStream<Uint8Array>,
  reencoder: Reencoder,
  { provider, signal }: PumpOptions,
  say: (text: string) => Promise<void>,
): Promise<void> {
  const { read, cancel } = createReads(body)
  signal.addEventListener('abort', cancel, { once: true })
  try {
    while (!reencoder.answer.ended && !signal.aborted) {
      const chunk = await read().catch(() => 'cut' as const)
      if (signal.aborted) {
        return
      }
      if (chunk === 'cut') {
        await say(reencoder.fail({ kind: 'upstream_cut', provider }))
      } else {
        await say(chunk === undefined ? reencoder.finish() : reencoder.feed(chunk))
      }
    }
  } finally {
    signal.removeEventListener('abort', cancel)
    cancel()
  }
}

const readBytes = 16 * 1024

/** `read` resolves to undefined at the end. A body that is no byte stream is read as it comes. */
function createReads(body: ReadableStream<Uint8Array>): {
  read: () => Promise<Uint8Array | undefined>
  cancel: () => void
} {
  const cancelOf = (reader: { cancel: () => Promise<void> }) => (): void => {
    reader.cancel().catch(() => {
      // It has ended or broken already; there is nothing to cancel.
    })
  }
  const bytes = byobReader(body)
  if (bytes === undefined) {
    const reader = body.getReader()
    return { read: async () => (await reader.read()).value, cancel: cancelOf(reader) }
  }
  let buffer = new Uint8Array(readBytes)
  const read = async (): Promise<Uint8Array | undefined> => {
    const { done, value } = await bytes.read(buffer)
    if (done || value === undefined) {
      return undefined
    }
    // The same memory, handed back for the next read.
    buffer = new Uint8Array(value.buffer)
    return value
  }
  return { read, cancel: cancelOf(bytes) }
}

function byobReader(body: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return body.getReader({ mode: 'byob' })
  } catch (error) {
    if (error instanceof TypeError) {
      return undefined
    }
    throw error
  }
}

const encoder = new TextEncoder()

/** The client's end. Opens with the first text. */
interface Outlet {
  say: (text: string) => Promise<void>
  close: () => Promise<void>
  abort: () => Promise<void>
  readonly opened: boolean
  /** A write failed: the client has gone. */
  readonly broken: boolean
  readonly writing: boolean
  /** When something was last said, in epoch milliseconds. */
  readonly lastSaidAt: number
}

function createOutlet(onOpen: (body: ReadableStream<Uint8Array>) => void): Outlet {
  const { readable, writable } = new IdentityTransformStream()
  const writer = writable.getWriter()
  const state = { opened: false, broken: false, writing: false, lastSaidAt: Date.now() }
  return Object.assign(state, {
    async say(text: string): Promise<void> {
      if (text === '') {
        return
      }
      if (!state.opened) {
        state.opened = true
        onOpen(readable)
      }
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
    close: async () => (state.opened ? writer.close() : undefined),
    abort: async () => {
      await writer.abort().catch(() => {
        // The client has gone; nobody is left to tell.
      })
    },
  })
}

/** Breaks silences; one timer a stream. Returns what ends it. */
function startPinging(outlet: Outlet, reencoder: Reencoder, pingAfterMs: number): () => void {
  let timer = setTimeout(tick, pingAfterMs)

  function tick(): void {
    const silentMs = Date.now() - outlet.lastSaidAt
    const due = silentMs >= pingAfterMs && !outlet.writing
    if (due) {
      outlet.say(outlet.opened ? pingText : reencoder.begin()).catch(() => {
        // The client has gone; the pump hears of it by the signal or its next write.
      })
    }
    timer = setTimeout(tick, due ? pingAfterMs : Math.max(pingAfterMs - silentMs, 1000))
  }

  return () => clearTimeout(timer)
}
