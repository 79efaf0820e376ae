/**
 * Runs a re-encoder over upstreams' bodies: the only stream code. One BYOB read of 16 KiB, one decode,
 * one write a read (docs/decisions/001-one-pump.md has the measurements).
 *
 * The loop lives in `waitUntil`, so it must hear of the client's leaving itself: the signal cancels
 * the read that is pending. Without that a silent upstream would go on for nobody.
 */
import type { Failure } from '../anthropic/error.ts'
import type { Limits } from './limits.ts'
import { watch } from './limits.ts'
import type { Outlet } from './outlet.ts'
import { breakSilence, createOutlet } from './outlet.ts'
import { createReads } from './reads.ts'
import type { Reading, Reencoder } from './reencoder.ts'

/** What the pump reads: an upstream's body, or why there is none. */
export type Source = Body | { failure: Failure }

interface Body {
  body: ReadableStream<Uint8Array>
  reading: Reading
  limits: Limits
  /** When the request was sent, in epoch milliseconds. */
  sentAt: number
}

/**
 * The client's body; or the whole answer, or a failure, where nothing was said before; or nothing,
 * because the client left.
 */
export type Opened = { body: ReadableStream<Uint8Array> } | { whole: string } | { failure: Failure }

/** How an answer ended: whole, with an error, or because the client left. */
export type Ending = 'complete' | 'failed' | 'left'

export interface PumpOptions {
  /** Fires when the client leaves. */
  signal: AbortSignal
  /** Keeps the isolate alive for the pump. */
  waitUntil: (promise: Promise<unknown>) => void
  /** Silence after which the client hears something: first `message_start`, then pings. */
  pingAfterMs: number
  /** Called once, when the first content has come. */
  onContent: () => void
  /** Called once, when nothing more will be said. `error` is a bug of ours. */
  onEnd: (ending: Ending, error?: unknown) => void
}

/** Opens an upstream; another one after `failure`. Honours the signal itself; may not throw. */
export type OpenNext = (failure?: Failure) => Promise<Source>

/**
 * Resolves when an upstream's first event proves success, when all fail, or after `pingAfterMs` (later
 * failures are error events).
 */
export function pump(next: OpenNext, reencoder: Reencoder, options: PumpOptions): Promise<Opened> {
  const { promise, resolve } = Promise.withResolvers<Opened>()
  const { signal } = options
  const outlet = createOutlet((body) => resolve({ body }))
  const stopPinging = breakSilence(outlet, options.pingAfterMs, () =>
    outlet.opened ? reencoder.ping : reencoder.begin(),
  )

  async function run(): Promise<Ending> {
    let source = await next()
    while (!signal.aborted) {
      if ('failure' in source) {
        return settle(source.failure)
      }
      reencoder.attach(source.reading)
      await drain(source, { reencoder, outlet, options, say })
      const { lost } = reencoder.outcome
      if (lost === undefined) {
        break
      }
      source = await next(lost)
    }
    return signal.aborted ? leave() : end()
  }

  async function say(text: string): Promise<void> {
    if (reencoder.form === 'message' && reencoder.done && text !== '' && !outlet.opened) {
      resolve({ whole: text })
      return
    }
    await outlet.say(text)
  }

  async function settle(failure: Failure): Promise<Ending> {
    const text = reencoder.fail(failure)
    if (outlet.opened) {
      await outlet.say(text)
    } else {
      resolve({ failure })
    }
    return end()
  }

  async function end(): Promise<Ending> {
    const isFailed = reencoder.outcome.failure !== undefined
    if (isFailed && reencoder.form === 'message') {
      // Its status was sent as 200 when all was well, so only a broken connection tells of it.
      await outlet.abort()
    } else {
      await outlet.close()
    }
    return isFailed ? 'failed' : 'complete'
  }

  async function leave(): Promise<Ending> {
    resolve({ failure: { kind: 'client_left' } })
    await outlet.abort()
    return 'left'
  }

  /** A write that fails means that the client has gone before the signal said so; all else is a bug. */
  async function recover(error: unknown): Promise<void> {
    if (outlet.broken || signal.aborted) {
      options.onEnd(await leave())
      return
    }
    options.onEnd(await settle({ kind: 'internal' }), error)
  }

  const ended = run().then((ending) => options.onEnd(ending), recover)
  options.waitUntil(ended.finally(stopPinging))
  return promise
}

interface Draining {
  reencoder: Reencoder
  outlet: Outlet
  options: PumpOptions
  say: (text: string) => Promise<void>
}

/** Bytes that one answer may have; memory is held for an answer in one piece only. */
const maxBytes = { events: 128 * 1024 * 1024, message: 32 * 1024 * 1024 }

/** Reads the body to its end, or until the message has ended or failed, or the client has left. */
async function drain(
  { body, reading, limits, sentAt }: Body,
  { reencoder, outlet, options, say }: Draining,
): Promise<void> {
  const { signal, onContent } = options
  const { provider } = reading
  const { read, cancel } = createReads(body)
  let broken: Failure | undefined
  const { touch, stop } = watch({
    limits,
    sentAt,
    waiting: () => !outlet.writing,
    onExpire(afterMs) {
      broken = { kind: 'upstream_timeout', provider, afterMs }
      cancel()
      if (outlet.writing) {
        // The client takes nothing, and the time for the whole is over.
        void outlet.abort()
      }
    },
  })
  signal.addEventListener('abort', cancel, { once: true })
  let bytes = 0

  function take(chunk: Uint8Array | 'cut' | undefined): string {
    if (broken !== undefined) {
      return reencoder.cut(broken)
    }
    if (chunk === 'cut') {
      return reencoder.cut({ kind: 'upstream_cut', provider })
    }
    if (chunk === undefined) {
      return reencoder.finish()
    }
    bytes += chunk.length
    return bytes > maxBytes[reencoder.form]
      ? reencoder.cut({ kind: 'upstream_nonsense', provider, detail: 'the answer is too long' })
      : reencoder.feed(chunk)
  }

  try {
    let heard = false
    while (!reencoder.done && !signal.aborted) {
      const chunk = await read().catch(() => 'cut' as const)
      touch()
      if (signal.aborted) {
        return
      }
      const text = take(chunk)
      if (!heard && reencoder.outcome.hasContent) {
        heard = true
        onContent()
      }
      await say(text)
      if (!(chunk instanceof Uint8Array)) {
        return
      }
      touch()
    }
  } finally {
    stop()
    signal.removeEventListener('abort', cancel)
    cancel()
  }
}
