/** Delivers an alert to one sink. */
import type { Fetch } from '../platform/fetch.ts'
import type { SentAlert } from './alert.ts'
import { toBody } from './body.ts'
import { signedHeaders, toHeaders } from './sign.ts'
import type { AlertSink } from './sink.ts'

/**
 * What a delivery needs of its surroundings: fetch, the Worker's secrets by name, and the time in epoch
 * milliseconds.
 */
export interface DeliveryTools {
  fetch: Fetch
  /** A Worker secret by name. */
  secret: (name: string) => string | undefined
  /** Epoch milliseconds. */
  now: () => number
}

/** How long a receiver may take, in milliseconds. */
const answerWithinMs = 10_000

/**
 * Posts an alert. Resolves to why that failed, without the URL or a secret in it; undefined if the receiver
 * accepted it.
 */
export async function deliver(
  alert: SentAlert,
  { url_secret: urlSecret, signing_secret: signingSecret, format }: AlertSink,
  { fetch, secret, now }: DeliveryTools,
): Promise<string | undefined> {
  const url = secret(urlSecret)
  if (url === undefined) {
    return `the secret ${urlSecret} is missing`
  }
  const signing = signingSecret === undefined ? undefined : secret(signingSecret)
  if (signingSecret !== undefined && signing === undefined) {
    return `the secret ${signingSecret} is missing`
  }
  const body = toBody(alert, format)
  const seconds = Math.floor(now() / 1000)
  try {
    const headers =
      signing === undefined
        ? toHeaders(alert.id, seconds)
        : await signedHeaders(body, { id: alert.id, seconds, secret: signing })
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(answerWithinMs),
    })
    await response.body?.cancel()
    return response.ok ? undefined : `status ${response.status}`
  } catch (error) {
    // The message may quote the URL.
    return `no answer: ${error instanceof Error ? error.name : 'an unknown error'}`
  }
}
