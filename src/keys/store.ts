/**
 * Keys in KV. `key:<hash>` is a record, found by the key; `id:<id>` has the hashes of an identity,
 * so that operators can show and change it without the key. Only commands and the Admin API write
 * records, so that a stale copy is never written back.
 */
import * as z from 'zod/mini'

import type { KeyValue, PutOptions } from '../platform/key-value.ts'
import { listEntries } from '../platform/list-entries.ts'
import { writeAudit } from './audit.ts'
import { hashKey, keyEntry, mintId, mintKey } from './key.ts'
import type { KeyRecord, KeySummary, SecretSummary } from './record.ts'
import { isExpired, keyRecord, keySummary } from './record.ts'

/** The fields of a key that its creator sets. */
export type KeyFields = Omit<KeyRecord, 'id' | 'created_at' | 'status' | 'version' | 'last_four'>

/** A key in a list. */
export type ListedKey = { id: string } & KeySummary

const identity = z.object({
  /** The SHA-256 of each secret with a record, the newest last. */
  hashes: z.array(z.string()),
  /** The last four characters of the newest secret. */
  last_four: z.string(),
})

/** The hashes of a key's secrets. */
export type Identity = z.infer<typeof identity>

const identityPrefix = 'id:'

/** How a key is created: when, by whom, and how long its record is kept. */
export interface CreateOptions {
  now: Date
  /** Whether KV deletes the record soon after it has expired. */
  forget?: boolean
  /** Who creates the key, for the audit log; without an actor there is no row. */
  actor?: string
  /** The id of the key (default: a random one). */
  id?: string
}

/** Creates a key; only the result contains it. */
export async function createKey(
  kv: KeyValue,
  fields: KeyFields,
  { now, forget = false, actor, id = mintId() }: CreateOptions,
): Promise<{ key: string; record: KeyRecord }> {
  const { key, hash, record } = await mintRecord(id, fields, now)
  const expiration =
    forget && record.expires_at !== null
      ? { expiration: Math.ceil(Date.parse(record.expires_at) / 1000) + 60 }
      : {}
  await putSecrets(kv, [{ hash, record }], { now, options: expiration })
  if (actor !== undefined) {
    await writeAudit(kv, { id, at: now, actor, action: 'create', changes: { ...fields } })
  }
  return { key, record }
}

/** Creates a secret of an identity and its record, without writing them. */
export async function mintRecord(
  id: string,
  { name, ...rest }: KeyFields,
  now: Date,
): Promise<{ key: string; hash: string; record: KeyRecord }> {
  const key = mintKey(id)
  const record: KeyRecord = {
    id,
    name,
    created_at: now.toISOString(),
    status: 'active',
    ...rest,
    last_four: key.slice(-4),
  }
  return { key, hash: await hashKey(key), record }
}

/** Lists all identities by name. */
export async function listKeys(kv: KeyValue): Promise<ListedKey[]> {
  const entries = await listEntries(kv, identityPrefix)
  const found = entries.map(async ({ name, metadata }): Promise<ListedKey> => {
    const id = name.slice(identityPrefix.length)
    const summary = keySummary.safeParse(metadata).data ?? unreadable
    return summary.changing === true ? summarizeRecords(kv, id, summary) : { id, ...summary }
  })
  const listed = await Promise.all(found)
  return listed.sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id))
}

/**
 * The summary of a key whose metadata was lost, which is still listed so that it can be revoked.
 */
const unreadable: KeySummary = { name: '?', status: 'active', expires_at: null, last_four: '????' }

/**
 * Reads the records of an identity, one per secret, the newest last; undefined for an unknown id.
 */
export async function showKey(kv: KeyValue, id: string): Promise<KeyRecord[] | undefined> {
  const found = await readSecrets(kv, id)
  return found?.map(({ record }) => record)
}

/** A secret of a key: its hash, and the record that is stored under it. */
export interface Secret {
  hash: string
  record: KeyRecord
}

/**
 * Reads the secrets of an identity with their hashes, the newest last; undefined for an unknown id.
 */
export async function readSecrets(kv: KeyValue, id: string): Promise<Secret[] | undefined> {
  const found = await readIdentity(kv, id)
  if (found === undefined) {
    return undefined
  }
  const read = found.hashes.map(async (hash) => {
    const text = await kv.get(keyEntry(hash))
    return text === null ? undefined : { hash, record: keyRecord.parse(JSON.parse(text)) }
  })
  return (await Promise.all(read)).filter((secret) => secret !== undefined)
}

/** The hashes that were stored before, and options of the writes. */
export interface PutSecretsOptions {
  now: Date
  /**
   * The hashes of the identity when it was read, of which those of removed secrets are deleted.
   * Undefined for a new identity.
   */
  before?: readonly string[]
  options?: PutOptions
}

/**
 * Writes the secrets of an identity, the newest last, so that an interruption at any write leaves
 * no valid secret that cannot be found by its id, and no false state in the list: first the hashes,
 * with the summary marked as `changing`; then the records, the newest one last; then the summary.
 */
export async function putSecrets(
  kv: KeyValue,
  secrets: readonly Secret[],
  { now, before, options = {} }: PutSecretsOptions,
): Promise<void> {
  const newest = secrets.at(-1)
  if (newest === undefined) {
    return
  }
  const { id } = newest.record
  const summary = toSummary(
    secrets.map(({ record }) => record),
    newest.record,
    now,
  )
  const hashes = secrets.map(({ hash }) => hash)
  // Another process may have rotated the key since it was read, and added a secret. Every secret
  // must stay in the list, so that it can be revoked.
  const putIdentity = async (metadata: KeySummary): Promise<void> => {
    const known = before === undefined ? undefined : await readIdentity(kv, id)
    const others = (known?.hashes ?? []).filter(
      (hash) => !hashes.includes(hash) && before?.includes(hash) === false,
    )
    const value: Identity = { hashes: [...others, ...hashes], last_four: summary.last_four }
    await kv.put(identityPrefix + id, JSON.stringify(value), { ...options, metadata })
  }
  await putIdentity({ ...summary, changing: true })
  for (const { hash, record } of secrets) {
    await kv.put(keyEntry(hash), JSON.stringify(record), options)
  }
  await putIdentity(summary)
  const written = before === undefined ? undefined : await readIdentity(kv, id)
  if (hashes.some((hash) => written?.hashes.includes(hash) === false)) {
    await putIdentity(summary)
  }
}

function toSummary(records: readonly KeyRecord[], newest: KeyRecord, now: Date): KeySummary {
  const { name, status, expires_at, last_four = '????', group_id } = newest
  const secrets = records.filter((record) => !isExpired(record, now.getTime())).map(toSecretSummary)
  const created_at = records[0]?.created_at ?? newest.created_at
  const signs_in = newest.owner === undefined ? undefined : true
  return { name, status, expires_at, last_four, group_id, signs_in, created_at, secrets }
}

/** What a list shows of the secret of a record. */
export function toSecretSummary(record: KeyRecord): SecretSummary {
  const { last_four = '????', created_at, expires_at } = record
  return { last_four, created_at, expires_at }
}

/** Reads the summary of a key whose last change was interrupted from its records. */
async function summarizeRecords(kv: KeyValue, id: string, summary: KeySummary): Promise<ListedKey> {
  const records = (await showKey(kv, id)) ?? []
  const newest = records.at(-1)
  return newest === undefined
    ? { id, ...summary, status: 'revoked', secrets: [] }
    : { id, ...toSummary(records, newest, new Date(0)) }
}

/** Reads the hashes of a key's secrets; undefined if there is no such key. */
export async function readIdentity(kv: KeyValue, id: string): Promise<Identity | undefined> {
  const text = await kv.get(identityPrefix + id)
  return text === null ? undefined : identity.parse(JSON.parse(text))
}
