/** One request to an upstream, and what its answer's head says. Knows HTTP, no vendor and no dialect. */
import { GatewayError } from '../anthropic/error.ts'
import type { UpstreamReply } from '../dialects/dialect.ts'
import type { Unauthorized } from './auth.ts'

export interface Outgoing {
  /** The provider's name, for failures. */
  provider: string
  url: string
  headers: Record<string, string>
  body: string | Uint8Array
  /** Gives the headers with the provider's secret; asked once all else is known. */
  authorize: (request: Unauthorized) => Promise<Record<string, string>>
  /** Fires when the client leaves. */
  signal: AbortSignal
}

export type Fetch = (request: Request, init?: { signal: AbortSignal }) => Promise<Response>

/**
 * Sends it. Redirects are not followed: a key must not travel to another host.
 * Throws a GatewayError `upstream_unreachable` where there is no answer, and whatever `authorize` throws.
 */
export async function send(fetch: Fetch, outgoing: Outgoing): Promise<Response> {
  const { provider, url, body, signal, authorize } = outgoing
  const secret = await authorize({ url, headers: outgoing.headers, body })
  const headers = { ...outgoing.headers, ...secret }
  // A request's own signal, handed to fetch, does not abort it while `waitUntil` keeps the context
  // alive (workerd of November 2026); one of ours does.
  const controller = new AbortController()
  const leave = (): void => controller.abort()
  signal.addEventListener('abort', leave, { once: true })
  if (signal.aborted) {
    // While the secret was exchanged.
    leave()
  }
  try {
    const request = new Request(url, { method: 'POST', headers, body, redirect: 'manual' })
    const response = await fetch(request, { signal: controller.signal })
    if (response.status >= 300 && response.status < 400) {
      const detail = `redirect ${response.status}`
      throw new GatewayError({ kind: 'upstream_nonsense', provider, detail })
    }
    return response
  } catch (error) {
    throw error instanceof GatewayError
      ? error
      : new GatewayError({ kind: 'upstream_unreachable', provider }, { cause: error })
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

const maxErrorBytes = 64 * 1024

/** An answer with an error status, its body read up to 64 KiB. A body that breaks off is taken as far as it came. */
export async function readErrorReply(response: Response): Promise<UpstreamReply> {
  const { status, headers } = response
  return { status, headers, body: await readText(response, maxErrorBytes), now: Date.now() }
}

/** A body as text, at most `maxBytes` of it. */
async function readText(response: Response, maxBytes: number): Promise<string> {
  if (response.body === null) {
    return ''
  }
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  while (bytes < maxBytes) {
    const chunk = await reader.read().catch(() => ({ done: true, value: undefined }))
    if (chunk.done || chunk.value === undefined) {
      return text + decoder.decode()
    }
    const value: Uint8Array = chunk.value
    const taken = value.subarray(0, maxBytes - bytes)
    bytes += taken.length
    text += decoder.decode(taken, { stream: true })
  }
  await reader.cancel()
  return text
}
