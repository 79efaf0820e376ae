/**
 * Signs a webhook as the Standard Webhooks specification requires
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md), whose
 * libraries verify it.
 */
import { fromBase64, toBase64 } from '../platform/bytes.ts'

const prefix = 'whsec_'

/**
 * The headers of a webhook. `secret` is `whsec_` and base64, or any other text, whose bytes are then the key.
 * Throws a DOMException for a `whsec_` that base64 does not follow.
 */
export async function signedHeaders(
  body: string,
  { id, seconds, secret }: { id: string; seconds: number; secret: string },
): Promise<Record<string, string>> {
  const encoder = new TextEncoder()
  const bytes = secret.startsWith(prefix)
    ? fromBase64(secret.slice(prefix.length))
    : encoder.encode(secret)
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign'])
  const signed = encoder.encode(`${id}.${seconds}.${body}`)
  const signature = toBase64(new Uint8Array(await crypto.subtle.sign('HMAC', key, signed)))
  return { ...toHeaders(id, seconds), 'webhook-signature': `v1,${signature}` }
}

/** The headers of a webhook that is not signed. */
export function toHeaders(id: string, seconds: number): Record<string, string> {
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds) }
}
