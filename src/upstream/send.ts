/** One request to an upstream, and what its answer's head says. Knows HTTP, no vendor and no dialect. */
import { GatewayError } from '../anthropic/error.ts'
import type { UpstreamReply } from '../dialects/dialect.ts'
import type { Fetch } from '../platform/fetch.ts'
import { createBodyReads, toBrokenRead } from '../streaming/body-reads.ts'
import type { ClientConnection } from '../streaming/client-connection.ts'
import type { RequestTimers } from '../streaming/timers.ts'
import type { Unauthorized } from './auth/credential.ts'

export interface Outgoing {
  /** The provider's name, for failures. */
  provider: string
  url: string
  headers: Record<string, string>
  body: string | Uint8Array
  /** Gives the headers with the provider's secret; asked once all else is known. */
  authorize: (request: Unauthorized) => Promise<Record<string, string>>
  client: ClientConnection
  timers: RequestTimers
  /** How long the head of the answer may take. */
  headMs: number
}

/**
 * Sends it. Redirects are not followed: a key must not travel to another host.
 * Throws a GatewayError `upstream_unreachable`, `upstream_timeout` or `upstream_invalid_response` where there
 * is no answer, and whatever `authorize` throws.
 */
export async function send(fetch: Fetch, outgoing: Outgoing): Promise<Response> {
  const { provider, url, body, client, authorize, timers, headMs } = outgoing
  const secret = await authorize({ url, headers: outgoing.headers, body })
  const headers = { ...outgoing.headers, ...secret }
  // A request's own signal, handed to fetch, does not abort it while `waitUntil` keeps the context
  // alive (workerd of November 2026); one of ours does.
  const controller = new AbortController()
  const leave = (): void => controller.abort()
  // It may have left while the secret was exchanged.
  const unsubscribe = client.onDisconnect(leave)
  const stopWaiting = timers.set(headMs, leave)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: controller.signal,
    })
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel()
      const detail = `redirect ${response.status}`
      throw new GatewayError({ kind: 'upstream_invalid_response', provider, detail })
    }
    return response
  } catch (error) {
    if (error instanceof GatewayError) {
      throw error
    }
    const isLate = controller.signal.aborted && !client.disconnected
    throw new GatewayError(
      isLate
        ? { kind: 'upstream_timeout', provider, afterMs: headMs }
        : { kind: 'upstream_unreachable', provider },
      { cause: error },
    )
  } finally {
    stopWaiting()
    unsubscribe()
  }
}

/** Whether it says that its body is JSON. */
export function isJson({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('application/json') === true
}

const maxErrorBytes = 64 * 1024

/** An error says little; an upstream that takes longer for it is taken at its status. */
const maxErrorMs = 10_000

/**
 * An answer with an error status, its body read up to 64 KiB. A body that breaks off, or does not end
 * in time, is taken as far as it came.
 */
export async function readErrorReply(
  response: Response,
  limits: { client: ClientConnection; timers: RequestTimers; maxMs: number },
): Promise<UpstreamReply> {
  const { status, headers, body } = response
  return {
    status,
    headers,
    body: body === null ? '' : await readText(body, limits),
    now: limits.timers.now(),
  }
}

async function readText(
  body: ReadableStream<Uint8Array>,
  { client, timers, maxMs }: { client: ClientConnection; timers: RequestTimers; maxMs: number },
): Promise<string> {
  const { read, cancel } = createBodyReads(body)
  const stopWaiting = timers.set(Math.min(maxMs, maxErrorMs), cancel)
  const unsubscribe = client.onDisconnect(cancel)
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  try {
    while (bytes < maxErrorBytes) {
      const { done, value } = await read().catch(toBrokenRead)
      if (done || value === undefined) {
        break
      }
      const taken = value.subarray(0, maxErrorBytes - bytes)
      bytes += taken.length
      text += decoder.decode(taken, { stream: true })
    }
    return text + decoder.decode()
  } finally {
    stopWaiting()
    unsubscribe()
    cancel()
  }
}
