/**
 * Reads the ledgers of local gateways: one SQLite file per key, in the state directory. A running gateway
 * is not disturbed, and what it has settled is visible immediately.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { migrate } from '../../ledger/storage/migrations.ts'
import type { Sql, SqlRow } from '../../ledger/storage/sql.ts'
import { toText } from '../../ledger/storage/sql.ts'
import { toPersistencePath } from '../platform/local-state.ts'

/** The directory's name in workerd: the Worker and the class. */
const folderName = 'gateway-Ledger'

/**
 * Calls `read` with each ledger and its key's id; returns the results by key id. A ledger of an earlier
 * version is migrated first, as the gateway would do with it.
 */
export async function readLocalLedgers<Value>(
  state: string,
  read: (sql: Sql, key: string) => Value,
): Promise<Map<string, Value>> {
  const folder = join(toPersistencePath(state), 'do', folderName)
  const names = await readdir(folder).catch(() => [])
  const found = new Map<string, Value>()
  for (const name of names.filter((file) => /^[0-9a-f]+\.sqlite$/.test(file))) {
    const database = new DatabaseSync(join(folder, name), { timeout: 2000 })
    try {
      const sql = toSql(database)
      const key = readName(sql)
      if (key !== undefined) {
        migrate(sql)
        found.set(key, read(sql, key))
      }
    } finally {
      database.close()
    }
  }
  return found
}

function toSql(database: DatabaseSync): Sql {
  return {
    all: (statement, ...values) =>
      database
        .prepare(statement)
        .all(...values)
        .map(toRow),
    atomically(work) {
      database.exec('BEGIN IMMEDIATE')
      try {
        const value = work()
        database.exec('COMMIT')
        return value
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },
  }
}

/** Converts a row; the ledger stores only strings and numbers, no blobs or big integers. */
function toRow(row: Readonly<Record<string, unknown>>): SqlRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' || typeof value === 'number' ? value : null,
    ]),
  )
}

/** The key's id; undefined for a ledger without tables. */
function readName({ all }: Sql): string | undefined {
  const [table] = all(`SELECT name FROM sqlite_master WHERE name = 'facts'`)
  const [row] = table === undefined ? [] : all(`SELECT value FROM facts WHERE name = 'key'`)
  return row && toText(row['value'])
}
