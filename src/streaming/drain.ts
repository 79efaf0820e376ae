/** Reads one upstream's body into a re-encoder, within limits of time and length. */
import type { Failure } from '../anthropic/error.ts'
import type { ClientConnection } from './client-connection.ts'
import type { Reads } from './reads.ts'
import { broken, createReads, toBroken } from './reads.ts'
import type { Reading, Reencoder } from './reencoder.ts'
import type { ResponseWriter } from './response-writer.ts'
import type { RequestTimers, Timeouts } from './timers.ts'
import { BodyDeadline } from './timers.ts'

/** The body of an upstream that was asked. */
export interface Body {
  body: ReadableStream<Uint8Array>
  /** A JSON document as opposed to events: nothing in it is of use before its end. */
  whole: boolean
  reading: Reading
  timeouts: Timeouts
  /** When the request was sent, in epoch milliseconds. */
  sentAt: number
}

export interface Draining {
  reencoder: Reencoder
  outlet: Pick<ResponseWriter, 'pending' | 'abort'>
  client: ClientConnection
  timers: RequestTimers
  say: ResponseWriter['write']
  /** Called once, when the first content has come. */
  onContent: () => void
}

/** Bytes that one answer may have; memory is held for an answer in one piece only. */
const maxBytes = { events: 128 * 1024 * 1024, message: 32 * 1024 * 1024 }

/** Ends when the body does, or the message, or the time; or when the client has left. */
export async function drain(body: Body, draining: Draining): Promise<void> {
  const reads = createReads(body.body, body)
  const expiry = watchExpiry(body, draining, reads)
  const unsubscribe = draining.client.onDisconnect(reads.cancel)
  let isOver = false
  try {
    isOver = await readAll(body, draining, reads, expiry)
  } finally {
    expiry.deadline.stop()
    unsubscribe()
    if (!isOver) {
      reads.cancel()
    }
  }
}

interface Expiry {
  deadline: BodyDeadline
  /** Why the body was broken off. */
  reason: () => Failure | undefined
}

function watchExpiry(
  { timeouts, sentAt, reading: { provider } }: Body,
  { outlet, timers }: Draining,
  { cancel }: Reads,
): Expiry {
  let reason: Failure | undefined
  const deadline = new BodyDeadline({
    timeouts,
    timers,
    sentAt,
    isWaiting: () => outlet.pending === 0,
    onExpire(afterMs) {
      reason = { kind: 'upstream_timeout', provider, afterMs }
      cancel()
      if (outlet.pending > 0) {
        // The client takes nothing, and the time for the whole is over.
        void outlet.abort()
      }
    },
  })
  return { deadline, reason: () => reason }
}

/** Whether the body has ended. */
async function readAll(
  { reading: { provider } }: Body,
  { reencoder, client, say, onContent }: Draining,
  { read, isLast }: Reads,
  { deadline, reason }: Expiry,
): Promise<boolean> {
  const take = createTake(reencoder, provider, { reason, isLast })
  let chunk: Uint8Array | undefined
  let isOver = false
  let isHeard = false
  while (!isOver && !reencoder.isDone()) {
    const result = await read(chunk).catch(toBroken)
    chunk = result.done ? undefined : result.value
    deadline.touch()
    if (client.disconnected) {
      break
    }
    isOver = chunk === undefined || isLast(chunk)
    const text = take(chunk, result === broken)
    if (!isHeard && reencoder.outcome().hasContent) {
      isHeard = true
      onContent()
    }
    const told = say(text)
    if (told !== undefined) {
      await told
      deadline.touch()
    }
  }
  return isOver
}

/** One read, or the end, or a break. */
function createTake(
  reencoder: Reencoder,
  provider: string,
  { reason, isLast }: Pick<Expiry, 'reason'> & Pick<Reads, 'isLast'>,
): (chunk: Uint8Array | undefined, isCut: boolean) => string {
  let bytes = 0
  return (chunk, isCut) => {
    const expired = reason()
    if (expired !== undefined) {
      return reencoder.cut(expired)
    }
    if (isCut) {
      return reencoder.cut({ kind: 'upstream_truncated', provider })
    }
    if (chunk === undefined) {
      return reencoder.finish()
    }
    bytes += chunk.length
    if (bytes > maxBytes[reencoder.form]) {
      const detail = 'the answer is too long'
      return reencoder.cut({ kind: 'upstream_invalid_response', provider, detail })
    }
    const text = reencoder.feed(chunk)
    return isLast(chunk) && !reencoder.isDone() ? text + reencoder.finish() : text
  }
}
