/**
 * One-time links into the console, which spare an operator of `npm start` the paste of a key:
 * `/console/enter#<code>`. The code is in the fragment, which browsers do not send, and its hash in KV.
 */
import { hashKey } from '../keys/key.ts'
import { toHex } from '../platform/bytes.ts'
import type { KeyValue } from '../platform/key-value.ts'

/** Marks codes as used: a `ConsoleSessions`. */
interface UsedCodes {
  useOnce: (code: string, until: number) => Promise<boolean>
}

/** The time for which a link is valid, in milliseconds. */
const linkMs = 600_000

/** Writes a link for a key, given by the hash of its secret. Returns the code. */
export async function createEntryCode(
  kv: Pick<KeyValue, 'put'>,
  keyHash: string,
  now: Date,
): Promise<string> {
  const code = toHex(crypto.getRandomValues(new Uint8Array(24)))
  const until = now.getTime() + linkMs
  const expiration = Math.ceil(until / 1000)
  await kv.put(await toEntry(code), JSON.stringify({ keyHash, until }), { expiration })
  return code
}

/** The hash of the key for which a code is; undefined for one that is unknown, expired or used. */
export async function redeemEntryCode(
  kv: Pick<KeyValue, 'get'>,
  sessions: UsedCodes,
  code: string,
  now: number,
): Promise<string | undefined> {
  const text = await kv.get(await toEntry(code))
  if (text === null) {
    return undefined
  }
  const { keyHash, until }: { keyHash: string; until: number } = JSON.parse(text)
  return now < until && (await sessions.useOnce(code, until)) ? keyHash : undefined
}

async function toEntry(code: string): Promise<string> {
  return `enter:${await hashKey(code)}`
}
