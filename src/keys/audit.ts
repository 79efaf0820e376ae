/**
 * Who changed which key or group, how, and when. Rows are in KV with the keys, and contain no
 * secret.
 */
import * as z from 'zod/mini'

import type { KeyValue } from '../platform/key-value.ts'
import { lazySchema } from '../platform/lazy-schema.ts'
import { listEntries } from '../platform/list-entries.ts'

/** The actions of an audit log. */
export const auditActions = ['create', 'update', 'rotate', 'revoke', 'delete', 'adjust'] as const

/** The schema of a stored row. */
export const auditRow = lazySchema(() =>
  z.object({
    /** The time in ISO 8601. */
    at: z.string(),
    /** Who made the change: `cli:<user>` or `key:<id of an admin key>`. */
    actor: z.string(),
    action: z.enum(auditActions),
    /** The fields that were set. */
    changes: z.record(z.string(), z.unknown()),
  }),
)

/** A row of an audit log. */
export type AuditRow = z.infer<typeof auditRow>

const prefix = 'audit:'

/** The time for which a row is kept, in seconds. */
export const keptSeconds = 400 * 86_400

/** The number of rows that are read, the latest ones. */
const maxRead = 50

/** Adds a row under a unique name, so that two changes never write to the same one. */
export async function writeAudit(
  kv: KeyValue,
  { id, at, ...row }: Omit<AuditRow, 'at'> & { id: string; at: Date },
): Promise<void> {
  const name = `${prefix}${id}:${at.toISOString()}:${crypto.randomUUID().slice(0, 8)}`
  const value: AuditRow = { at: at.toISOString(), ...row }
  const expiration = Math.ceil(at.getTime() / 1000) + keptSeconds
  await kv.put(name, JSON.stringify(value), { expiration })
}

/** Reads the latest changes of a key, the oldest first. */
export async function readAudit(kv: KeyValue, id: string): Promise<AuditRow[]> {
  return (await listAudit(kv, id)).map(({ row }) => row)
}

/** Reads the latest changes of a key with the names of their entries, the oldest first. */
export async function listAudit(
  kv: KeyValue,
  id: string,
): Promise<{ name: string; row: AuditRow }[]> {
  const entries = await listEntries(kv, `${prefix}${id}:`)
  const found = entries.slice(-maxRead).map(async ({ name }) => {
    const text = (await kv.get(name)) ?? 'null'
    const row = auditRow.safeParse(JSON.parse(text)).data
    return row === undefined ? [] : [{ name, row }]
  })
  return (await Promise.all(found)).flat()
}
