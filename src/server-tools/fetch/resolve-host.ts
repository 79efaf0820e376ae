/**
 * What a host resolves to, by DNS over HTTPS: a Worker cannot see the address that `fetch` connects to. A
 * server may answer differently a moment later; Cloudflare's network does not connect to private
 * addresses in that case, and other runtimes remain exposed for that moment.
 */
import { asArray, asObject, asString, parseJson } from '../../anthropic/json.ts'
import type { Fetch } from '../../platform/fetch.ts'
import { readBytes } from '../../platform/read-bytes.ts'
import { isPublicAddress } from './public-address.ts'

/** https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json/ */
const resolver = 'https://cloudflare-dns.com/dns-query'

/** Record types by number. */
const records = { A: 1, AAAA: 28 } as const

const maxBytes = 64 * 1024

/** Whether a host has addresses, and all of them are public. Rejects where the resolver does not answer. */
export async function resolvesToPublic(
  fetch: Fetch,
  host: string,
  signal: AbortSignal,
): Promise<boolean> {
  const lists = await Promise.all(
    (['A', 'AAAA'] as const).map((type) => lookUp(fetch, { host, type }, signal)),
  )
  const addresses = lists.flat()
  return addresses.length > 0 && addresses.every(isPublicAddress)
}

async function lookUp(
  fetch: Fetch,
  { host, type }: { host: string; type: keyof typeof records },
  signal: AbortSignal,
): Promise<string[]> {
  const query = new URLSearchParams({ name: host, type })
  const response = await fetch(`${resolver}?${query.toString()}`, {
    headers: { accept: 'application/dns-json' },
    redirect: 'manual',
    signal,
  })
  const bytes = response.ok ? await readBytes(response.body, maxBytes) : undefined
  const answer = asObject(
    bytes === undefined ? undefined : parseJson(new TextDecoder().decode(bytes)),
  )
  if (answer === undefined) {
    throw new Error('the resolver did not respond')
  }
  return asArray(answer['Answer']).flatMap((record) => {
    const { type: kind, data } = asObject(record) ?? {}
    return kind === records[type] ? (asString(data) ?? []) : []
  })
}
