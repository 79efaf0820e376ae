/**
 * Keys in KV. `key:<hash>` holds a record, found by whoever has the key; `id:<id>` holds the hashes of
 * an identity, so that it can be shown and revoked by those who have not. Only the tools write; the
 * Worker reads, so a stale copy is never written back.
 */
import * as z from 'zod/mini'

import type { KeyValue, ListPage, PutOptions } from './key-value.ts'
import { hashKey, mintId, mintKey } from './key.ts'
import type { KeyRecord, KeySummary } from './record.ts'
import { keyRecord, keySummary } from './record.ts'

/** What the maker of a key decides. */
export type KeyFields = Omit<KeyRecord, 'id' | 'created_at' | 'status'>

export type ListedKey = { id: string } & KeySummary

const identity = z.object({
  /** SHA-256 of each secret that has a record. */
  hashes: z.array(z.string()),
  /** Of the newest secret. */
  last_four: z.string(),
})
type Identity = z.infer<typeof identity>

const identityPrefix = 'id:'

/** The KV key of a record. */
export function keyEntry(hash: string): string {
  return `key:${hash}`
}

/**
 * Makes a key under a fresh id; the answer is the only place where it is ever seen. With `forget`, KV
 * drops it soon after it has expired.
 */
export async function createKey(
  kv: KeyValue,
  fields: KeyFields,
  { now, forget = false }: { now: Date; forget?: boolean },
): Promise<{ key: string; record: KeyRecord }> {
  const id = mintId()
  const key = mintKey(id)
  const hash = await hashKey(key)
  const { name, ...rest } = fields
  const record: KeyRecord = { id, name, created_at: now.toISOString(), status: 'active', ...rest }
  const expiration =
    forget && record.expires_at !== null
      ? { expiration: Math.ceil(Date.parse(record.expires_at) / 1000) + 60 }
      : {}
  // The identity first: a key that works but cannot be revoked must not come to be.
  await putIdentity(kv, record, { hashes: [hash], last_four: key.slice(-4) }, expiration)
  await kv.put(keyEntry(hash), JSON.stringify(record), expiration)
  return { key, record }
}

/** All identities, by name. */
export async function listKeys(kv: KeyValue): Promise<ListedKey[]> {
  const listed: ListedKey[] = []
  let page: ListPage | undefined
  do {
    const cursor = page?.cursor
    page = await kv.list({ prefix: identityPrefix, ...(cursor === undefined ? {} : { cursor }) })
    for (const { name, metadata } of page.keys) {
      const id = name.slice(identityPrefix.length)
      listed.push({ id, ...(keySummary.safeParse(metadata).data ?? unreadable) })
    }
  } while (!page.list_complete)
  return listed.sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id))
}

/** A key whose metadata was lost is listed all the same: what cannot be seen is not revoked. */
const unreadable: KeySummary = { name: '?', status: 'active', expires_at: null, last_four: '????' }

/** The records of an identity, one per secret; undefined for an unknown id. */
export async function showKey(kv: KeyValue, id: string): Promise<KeyRecord[] | undefined> {
  const found = await readIdentity(kv, id)
  const records = found?.hashes.map((hash) => readRecord(kv, hash))
  return records && (await Promise.all(records)).filter((record) => record !== undefined)
}

/** Revokes every secret of an identity; its records as they are then, or undefined for an unknown id. */
export async function revokeKey(kv: KeyValue, id: string): Promise<KeyRecord[] | undefined> {
  const found = await readIdentity(kv, id)
  if (found === undefined) {
    return undefined
  }
  const revoked: KeyRecord[] = []
  for (const hash of found.hashes) {
    const record = await readRecord(kv, hash)
    if (record !== undefined) {
      const written: KeyRecord = { ...record, status: 'revoked' }
      await kv.put(keyEntry(hash), JSON.stringify(written))
      revoked.push(written)
    }
  }
  const newest = revoked.at(-1)
  if (newest !== undefined) {
    await putIdentity(kv, newest, found)
  }
  return revoked
}

async function putIdentity(
  kv: KeyValue,
  { id, name, status, expires_at }: KeyRecord,
  value: Identity,
  options: PutOptions = {},
): Promise<void> {
  const metadata: KeySummary = { name, status, expires_at, last_four: value.last_four }
  await kv.put(identityPrefix + id, JSON.stringify(value), { ...options, metadata })
}

async function readIdentity(kv: KeyValue, id: string): Promise<Identity | undefined> {
  const text = await kv.get(identityPrefix + id)
  return text === null ? undefined : identity.parse(JSON.parse(text))
}

async function readRecord(kv: KeyValue, hash: string): Promise<KeyRecord | undefined> {
  const text = await kv.get(keyEntry(hash))
  return text === null ? undefined : keyRecord.parse(JSON.parse(text))
}
