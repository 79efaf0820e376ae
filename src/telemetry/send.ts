/** Sends telemetry. That must never disturb a request: it runs after the answer, and a failure is a log line. */
import type { Fetch } from '../platform/fetch.ts'
import type { Endpoint } from './settings.ts'

/** How long an endpoint may take, in milliseconds. */
const answerWithinMs = 10_000

/** The delay before the only retry, in milliseconds. */
const retryAfterMs = 1000

/** Statuses after which OTLP's specification has clients retry. */
const retriable: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** Posts a request of OTLP/HTTP as JSON. Resolves as {@link postTelemetry} does. */
export function sendTelemetry(
  fetch: Fetch,
  { url, headers }: Endpoint,
  request: object,
): Promise<string | undefined> {
  const json = { 'content-type': 'application/json', ...headers }
  return postTelemetry(fetch, { url, headers: json }, JSON.stringify(request))
}

/** Posts a body whose type is among the headers. Resolves to why that failed; undefined if it was accepted. */
export async function postTelemetry(
  fetch: Fetch,
  endpoint: Endpoint,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<string | undefined> {
  const first = await post(fetch, endpoint, body)
  if (first.isRetriable) {
    await new Promise((resolve) => setTimeout(resolve, retryAfterMs))
    return (await post(fetch, endpoint, body)).fault
  }
  return first.fault
}

async function post(
  fetch: Fetch,
  { url, headers }: Endpoint,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<{ fault: string | undefined; isRetriable: boolean }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(answerWithinMs),
    })
    await response.body?.cancel()
    const fault = response.ok ? undefined : `status ${response.status}`
    return { fault, isRetriable: retriable.has(response.status) }
  } catch (error) {
    // The message may quote the URL, whose query may be a credential.
    const name = error instanceof Error ? error.name : 'an unknown error'
    return { fault: `no answer: ${name}`, isRetriable: true }
  }
}
