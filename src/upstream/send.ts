/**
 * Sends one request to an upstream, and reads its response headers. Knows HTTP, no vendor and no
 * dialect.
 */
import { GatewayError } from '../anthropic/error.ts'
import type { UpstreamReply } from '../dialects/dialect.ts'
import type { Fetch } from '../platform/fetch.ts'
import { createBodyReads, toBrokenRead } from '../streaming/body-reads.ts'
import type { ClientConnection } from '../streaming/client-connection.ts'
import type { RequestTimers } from '../streaming/timers.ts'
import type { Unauthorized } from './auth/credential.ts'

/** A request to an upstream before it is signed. `headMs` is the timeout for response headers. */
export interface OutgoingRequest {
  /** The provider's name, for failures. */
  provider: string
  url: string
  headers: Record<string, string>
  body: string
  /**
   * Returns the headers with the provider's secret; called when the rest of the request is
   * complete.
   */
  authorize: (request: Unauthorized) => Promise<Record<string, string>>
  client: ClientConnection
  timers: RequestTimers
  /** The timeout for the response headers, in milliseconds. */
  headMs: number
}

/**
 * Sends a request. Redirects are not followed, since a key must not be sent to another host. Throws
 * a GatewayError `upstream_unreachable`, `upstream_timeout` or `upstream_invalid_response` if there
 * is no response, and whatever `authorize` throws.
 */
export async function send(fetch: Fetch, outgoing: OutgoingRequest): Promise<Response> {
  const { provider, url, body, client, authorize, timers, headMs } = outgoing
  const secret = await authorize({ url, headers: outgoing.headers, body })
  const headers = { ...outgoing.headers, ...secret }
  // The incoming request's signal, given to fetch, does not abort it while `waitUntil` keeps the
  // context alive (workerd of November 2026); a separate signal does.
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  // The client may have disconnected while the secret was exchanged.
  const unsubscribe = client.onDisconnect(abort)
  const stopWaiting = timers.set(headMs, abort)
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

/** Whether a response is declared as JSON. */
export function isJson({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('application/json') === true
}

const maxErrorBytes = 64 * 1024

/** The timeout for an error body in milliseconds; after it, only the status is used. */
const maxErrorMs = 10_000

/**
 * Reads a response with an error status, up to 64 KiB of its body. A body that is truncated or does
 * not end in time is used as far as received.
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
