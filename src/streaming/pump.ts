/**
 * Runs a re-encoder over upstreams' bodies: the only stream code. One BYOB read of 16 KiB, one decode,
 * one write a read at most (docs/decisions/001-one-pump.md has the measurements).
 *
 * The loop lives in `waitUntil`, so it must hear of the client's leaving itself: that cancels
 * the read that is pending. Without that a silent upstream would go on for nobody.
 */
import type { Failure } from '../anthropic/error.ts'
import type { ClientConnection } from './client-connection.ts'
import type { Body } from './drain.ts'
import { drain } from './drain.ts'
import type { Reencoder } from './reencoder.ts'
import { ResponseWriter } from './response-writer.ts'
import type { RequestTimers } from './timers.ts'

/** What the pump reads: an upstream's body, or why there is none. */
export type Source = Body | { failure: Failure }

/**
 * The client's body; or the whole answer, or a failure, where nothing was said before; or nothing,
 * because the client left.
 */
export type Opened = { body: ReadableStream<Uint8Array> } | { whole: string } | { failure: Failure }

/** How an answer ended: whole, with an error, or because the client left. */
export type Ending = 'complete' | 'failed' | 'left'

export interface PumpOptions {
  client: ClientConnection
  /** Keeps the isolate alive for the pump. */
  waitUntil: (promise: Promise<unknown>) => void
  timers: RequestTimers
  /** Silence after which the client hears something: first `message_start`, then pings. */
  pingAfterMs: number
  /** Called once, when the first content has come. */
  onContent: () => void
  /** Called once, when nothing more will be said. `error` is a bug of ours. */
  onEnd: (ending: Ending, error?: unknown) => void
}

/** Opens an upstream; another one after `failure`. Ends itself where the client leaves; may not throw. */
export type OpenNext = (failure?: Failure) => Promise<Source>

/**
 * Resolves when an upstream's first event proves success, when all fail, or after `pingAfterMs` (later
 * failures are error events).
 */
export function pump(next: OpenNext, reencoder: Reencoder, options: PumpOptions): Promise<Opened> {
  const { promise, resolve } = Promise.withResolvers<Opened>()
  const { client, timers, pingAfterMs, onContent, onEnd } = options
  const outlet = new ResponseWriter({ timers, onOpen: (body) => resolve({ body }) })
  const { say, settle, end, leave } = createTelling(reencoder, outlet, resolve)
  const stopPinging = outlet.keepAlive(pingAfterMs, () =>
    outlet.isOpen ? reencoder.ping : reencoder.begin(),
  )

  async function run(): Promise<Ending> {
    let source = await next()
    while (!client.disconnected) {
      if ('failure' in source) {
        return settle(source.failure)
      }
      reencoder.attach(source.reading)
      await drain(source, { reencoder, outlet, client, timers, say, onContent })
      const { lost } = reencoder.outcome()
      if (lost === undefined) {
        break
      }
      source = await next(lost)
    }
    return client.disconnected ? leave() : end()
  }

  /** A write that fails means that the client has gone before the signal said so; all else is a bug. */
  async function recover(error: unknown): Promise<void> {
    stopPinging()
    if (outlet.isBroken || client.disconnected) {
      onEnd(await leave())
    } else {
      onEnd(await settle({ kind: 'internal' }), error)
    }
  }

  function finish(ending: Ending): void {
    stopPinging()
    onEnd(ending)
  }

  options.waitUntil(run().then(finish, recover))
  return promise
}

/** What the client is told at the end, whether it has heard anything before or not. */
function createTelling(
  reencoder: Reencoder,
  outlet: ResponseWriter,
  resolve: (opened: Opened) => void,
): {
  say: ResponseWriter['write']
  settle: (failure: Failure) => Promise<Ending>
  end: () => Promise<Ending>
  leave: () => Promise<Ending>
} {
  async function end(): Promise<Ending> {
    const isFailed = reencoder.outcome().failure !== undefined
    if (isFailed && reencoder.form === 'message') {
      // Its status was sent as 200 when all was well, so only a broken connection tells of it.
      await outlet.abort()
    } else {
      await outlet.close()
    }
    return isFailed ? 'failed' : 'complete'
  }

  return {
    end,
    say(text) {
      if (reencoder.form === 'message' && reencoder.isDone() && text !== '' && !outlet.isOpen) {
        resolve({ whole: text })
        return undefined
      }
      return outlet.write(text)
    },
    async settle(failure) {
      const text = reencoder.fail(failure)
      if (outlet.isOpen) {
        await outlet.write(text)
      } else {
        resolve({ failure })
      }
      return end()
    },
    async leave() {
      resolve({ failure: { kind: 'client_disconnected' } })
      await outlet.abort()
      return 'left'
    },
  }
}
