/**
 * Export and import of keys, groups, audit logs and usage: for a backup, or to move to another account.
 * A document is JSON Lines: {@link headLine}, then one {@link transferLine} a line.
 */
import * as z from 'zod/mini'

import { toAuditId } from '../keys/groups/change.ts'
import { listGroups } from '../keys/groups/store.ts'
import { listKeys } from '../keys/store.ts'
import type { ImportResult } from '../keys/transfer.ts'
import {
  auditLine,
  exportAudit,
  exportGroup,
  exportKey,
  groupLine,
  importAudit,
  importGroup,
  importKey,
  keyLine,
} from '../keys/transfer.ts'
import type { KeyValue } from '../platform/key-value.ts'
import { mapInParts } from '../platform/map-in-parts.ts'
import { toGroupLedger } from './ledger-name.ts'
import type { TableRows } from './storage/tables.ts'
import { checkRows } from './storage/tables.ts'

/** The version of the format. A document of a newer one is refused. */
const version = 1

/** The first line of a document. */
export const headLine = z.object({
  type: z.literal('messages-gateway-export'),
  version: z.number(),
  exported_at: z.string(),
})

const scalar = z.union([z.string(), z.number(), z.null()])

const usageLine = z.object({
  type: z.literal('usage'),
  ledger: z.string().check(z.regex(/^(?:group:)?[a-z2-7]{10}$/)),
  table: z.string(),
  columns: z.array(z.string()).check(z.maxLength(30)),
  rows: z.array(z.array(scalar)).check(z.maxLength(5000)),
})

/** The schema of any line after the head. */
export const transferLine = z.discriminatedUnion('type', [groupLine, keyLine, auditLine, usageLine])

/** A line of an export after the head. */
export type TransferLine = z.infer<typeof transferLine>

/** The ledger that an export is read from, or an import is written to. */
export interface TransferStore {
  kv: KeyValue
  readTables: (ledger: string) => Promise<TableRows[]>
  writeTables: (ledger: string, parts: readonly TableRows[]) => Promise<void>
}

/** A key or group, whose lines belong together. */
export interface Holder {
  type: 'group' | 'key'
  id: string
}

/** How many records an import created and changed, and how many rows of usage it took over. */
export interface ImportCounts {
  created: number
  changed: number
  unchanged: number
  usage_rows: number
}

/** The first line of an export. */
export function toHead(now: Date): z.infer<typeof headLine> {
  return { type: 'messages-gateway-export', version, exported_at: now.toISOString() }
}

/** Whether this version can import a document that begins with this line. */
export function isKnownHead(head: z.infer<typeof headLine>): boolean {
  return head.version <= version
}

/** All groups, then all keys. */
export async function listHolders(kv: KeyValue): Promise<Holder[]> {
  const [groups, keys] = await Promise.all([listGroups(kv), listKeys(kv)])
  return [
    ...groups.map(({ id }): Holder => ({ type: 'group', id })),
    ...keys.map(({ id }): Holder => ({ type: 'key', id })),
  ]
}

/** The lines of one key or group. */
export async function exportHolder(
  { kv, readTables }: TransferStore,
  { type, id }: Holder,
): Promise<TransferLine[]> {
  const isGroup = type === 'group'
  const ledger = isGroup ? toGroupLedger(id) : id
  const [record, audit, parts] = await Promise.all([
    isGroup ? exportGroup(kv, id) : exportKey(kv, id),
    exportAudit(kv, isGroup ? toAuditId(id) : id),
    readTables(ledger),
  ])
  const usage = parts.map((part): TransferLine => ({ type: 'usage', ledger, ...part }))
  return record === undefined ? [] : [record, ...audit, ...usage]
}

/** Lines that are imported in parallel. */
const atOnce = 10

/** Writes lines, groups first. Throws an `InvalidChange` for a line that cannot be imported. */
export async function importLines(
  store: TransferStore,
  lines: readonly TransferLine[],
  now: Date,
): Promise<ImportCounts> {
  const counts: ImportCounts = { created: 0, changed: 0, unchanged: 0, usage_rows: 0 }
  const order: readonly TransferLine['type'][] = ['group', 'key', 'audit', 'usage']
  for (const type of order) {
    const ofType = lines.filter((line) => line.type === type)
    const imported = await mapInParts(ofType, atOnce, (line) => importLine(store, line, now))
    for (const outcome of imported) {
      if (typeof outcome === 'number') {
        counts.usage_rows += outcome
      } else if (type !== 'audit') {
        counts[outcome] += 1
      }
    }
  }
  return counts
}

/** What was done with a record, or the number of rows of usage. */
async function importLine(
  { kv, writeTables }: TransferStore,
  line: TransferLine,
  now: Date,
): Promise<ImportResult | number> {
  switch (line.type) {
    case 'group':
      return importGroup(kv, line)
    case 'key':
      return importKey(kv, line, now)
    case 'audit':
      return importAudit(kv, line, now)
    case 'usage': {
      const { ledger, table, columns, rows } = line
      const part = { table, columns, rows }
      checkRows(part)
      await writeTables(ledger, [part])
      return rows.length
    }
  }
}
