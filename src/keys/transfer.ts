/**
 * Keys, groups and audit logs as lines of an export, which another gateway can import. A secret is
 * exported as its hash, so that holders keep their keys, which stay secret. Importing the same
 * lines again changes nothing, and a record that was changed since the export is kept.
 */
import * as z from 'zod/mini'

import type { KeyValue } from '../platform/key-value.ts'
import { auditRow, keptSeconds, listAudit } from './audit.ts'
import { groupRecord } from './groups/record.ts'
import { listGroups, putGroup, readGroup } from './groups/store.ts'
import { InvalidChange } from './limits-patch.ts'
import { keyRecord } from './record.ts'
import type { Secret } from './store.ts'
import { putSecrets, readSecrets } from './store.ts'

/** The schema of a group's line. */
export const groupLine = z.object({ type: z.literal('group'), record: groupRecord })

/** The schema of a key's line, with all its secrets. */
export const keyLine = z.object({
  type: z.literal('key'),
  id: z.string().check(z.regex(/^[a-z2-7]{10}$/)),
  secrets: z
    .array(z.object({ hash: z.string().check(z.regex(/^[0-9a-f]{64}$/)), record: keyRecord }))
    .check(z.minLength(1), z.maxLength(50)),
})

/** `name` of the entry in KV, so that it is the same entry after an import. */
export const auditLine = z.object({
  type: z.literal('audit'),
  name: z.string().check(z.regex(/^audit:[\w:.-]{1,200}$/)),
  row: auditRow,
})

/** A line with a group. */
export type GroupLine = z.infer<typeof groupLine>

/** A line with a key. */
export type KeyLine = z.infer<typeof keyLine>

/** A line with a row of an audit log. */
export type AuditLine = z.infer<typeof auditLine>

/** What an import did with a record. */
export type ImportResult = 'created' | 'changed' | 'unchanged'

/** The line of a group; undefined for an unknown one. */
export async function exportGroup(kv: KeyValue, id: string): Promise<GroupLine | undefined> {
  const record = await readGroup(kv, id)
  return record && { type: 'group', record }
}

/** The line of a key with all its secrets; undefined for an unknown one. */
export async function exportKey(kv: KeyValue, id: string): Promise<KeyLine | undefined> {
  const secrets = await readSecrets(kv, id)
  return secrets === undefined || secrets.length === 0 ? undefined : { type: 'key', id, secrets }
}

/** The audit log of a key, or of a group by its audit id. */
export async function exportAudit(kv: KeyValue, id: string): Promise<AuditLine[]> {
  const rows = await listAudit(kv, id)
  return rows.map(({ name, row }) => ({ type: 'audit', name, row }))
}

/** Throws an {@link InvalidChange} if another group has the name. */
export async function importGroup(kv: KeyValue, { record }: GroupLine): Promise<ImportResult> {
  const known = await readGroup(kv, record.id)
  if (known !== undefined && known.version >= record.version) {
    return 'unchanged'
  }
  const taken = (await listGroups(kv)).find(
    ({ id, name, status }) => id !== record.id && name === record.name && status !== 'deleted',
  )
  if (taken !== undefined && record.status !== 'deleted') {
    throw new InvalidChange(
      `Another group is named ${record.name} (${taken.id}); rename it before the import.`,
    )
  }
  await putGroup(kv, record)
  return known === undefined ? 'created' : 'changed'
}

/** Adds the secrets that are missing, and replaces those that are older than the imported ones. */
export async function importKey(
  kv: KeyValue,
  { id, secrets }: KeyLine,
  now: Date,
): Promise<ImportResult> {
  const known = (await readSecrets(kv, id)) ?? []
  const merged = new Map(known.map((secret) => [secret.hash, secret]))
  const newer = secrets.filter(({ hash, record }) => {
    const before = merged.get(hash)
    return before === undefined || versionOf(before) < (record.version ?? 0)
  })
  newer.forEach((secret) =>
    merged.set(secret.hash, { ...secret, record: { ...secret.record, id } }),
  )
  if (newer.length === 0) {
    return 'unchanged'
  }
  const ordered = [...merged.values()].toSorted(
    (a, b) => Date.parse(a.record.created_at) - Date.parse(b.record.created_at),
  )
  const before = known.map(({ hash }) => hash)
  await putSecrets(kv, ordered, known.length === 0 ? { now } : { now, before })
  return known.length === 0 ? 'created' : 'changed'
}

function versionOf({ record }: Secret): number {
  return record.version ?? 0
}

/** Adds the row unless it is there, or past its time. */
export async function importAudit(
  kv: KeyValue,
  { name, row }: AuditLine,
  now: Date,
): Promise<ImportResult> {
  const expiration = Math.ceil(Date.parse(row.at) / 1000) + keptSeconds
  if (expiration <= now.getTime() / 1000 + 60 || (await kv.get(name)) !== null) {
    return 'unchanged'
  }
  await kv.put(name, JSON.stringify(row), { expiration })
  return 'created'
}
