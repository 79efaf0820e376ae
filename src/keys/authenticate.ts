/**
 * Authenticates requests. The keys of all headers are tried and any valid one wins, since clients
 * often send another service's credential together with the gateway's. Look-ups are by hash, so
 * that no secrets are compared.
 */
import { GatewayError } from '../anthropic/error.ts'
import type { BoundedCache } from '../platform/bounded-cache.ts'
import type { KeyValue } from '../platform/key-value.ts'
import { hashKey, keyEntry, parseKey } from './key.ts'
import { parseStored } from './parse-stored.ts'
import type { KeyRecord } from './record.ts'
import { isExpired, keyRecord } from './record.ts'

/** A valid key, and until when it is cached, in epoch milliseconds. */
export interface RememberedKey {
  record: KeyRecord
  until: number
}

/** The source of keys, and for how many seconds one is cached. `now` is in epoch milliseconds. */
export interface KeyLookup {
  kv: Pick<KeyValue, 'get'>
  /**
   * The cache of valid keys as sent, since hashing is the most expensive step. Owned by the caller
   * for the isolate's lifetime; expired entries are deleted.
   */
  memory: BoundedCache<RememberedKey>
  /** How long a key is cached in `memory`, in seconds; 0 if changes must apply immediately. */
  cacheSeconds: number
  /** The time in epoch milliseconds. */
  now: number
}

/** Seconds for which a location of KV may return a stale record: the smallest value that KV accepts. */
export const kvCacheTtl = 30

/**
 * Returns the record of a request's key. Throws a GatewayError `missing_key`, `invalid_key` or
 * `expired_key`; `misconfigured` for a damaged record.
 */
export async function authenticate(headers: Headers, lookup: KeyLookup): Promise<KeyRecord> {
  const offered = readCarriers(headers)
  if (offered.length === 0) {
    throw new GatewayError({ kind: 'missing_key' })
  }
  let expired = false
  let damaged: Error | undefined
  for (const key of offered) {
    const record =
      recall(key, lookup) ??
      (await find(key, lookup).catch((error: Error) => {
        // Another key of the request may be valid.
        damaged ??= error
        return undefined
      }))
    if (record?.status === 'active') {
      if (!isExpired(record, lookup.now)) {
        return record
      }
      expired = true
    }
  }
  throw damaged ?? new GatewayError({ kind: expired ? 'expired_key' : 'invalid_key' })
}

/** The distinct keys of the headers: Claude Code's `apiKeyHelper` sends the same key in both. */
function readCarriers(headers: Headers): string[] {
  const key = headers.get('x-api-key')?.trim() ?? ''
  const bearer = toBearer(headers.get('authorization'))
  return [key, bearer === key ? '' : bearer].filter((carried) => carried !== '')
}

function toBearer(authorization: string | null): string {
  return authorization === null ? '' : (/^bearer\s+(\S.*)$/i.exec(authorization.trim())?.[1] ?? '')
}

function recall(key: string, { memory, now }: KeyLookup): KeyRecord | undefined {
  const remembered = memory.get(key)
  if (remembered !== undefined && now < remembered.until) {
    return remembered.record
  }
  memory.delete(key)
  return undefined
}

async function find(key: string, lookup: KeyLookup): Promise<KeyRecord | undefined> {
  const { kv, memory, cacheSeconds, now } = lookup
  const id = parseKey(key)
  if (id === undefined) {
    return undefined
  }
  const hash = await hashKey(key)
  const text = await kv.get(
    keyEntry(hash),
    cacheSeconds === 0 ? undefined : { cacheTtl: kvCacheTtl },
  )
  if (text === null) {
    return undefined
  }
  const record = readRecord(text, id)
  if (cacheSeconds > 0 && record.status === 'active' && !isExpired(record, now)) {
    memory.set(key, { record, until: now + cacheSeconds * 1000 })
  }
  return record
}

/**
 * Reads the record of a secret by its hash; undefined if there is none. Throws a GatewayError `misconfigured`
 * for a damaged record.
 */
export async function readRecordByHash(
  kv: Pick<KeyValue, 'get'>,
  hash: string,
): Promise<KeyRecord | undefined> {
  const text = await kv.get(keyEntry(hash))
  return text === null ? undefined : readRecord(text, '…')
}

function readRecord(text: string, id: string): KeyRecord {
  return parseStored(
    keyRecord,
    text,
    (fault) => `The record of key gw-${id} in KV is corrupt (${fault}).`,
  )
}
