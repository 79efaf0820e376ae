/** A ledger's database in Node's own SQLite. */
import { DatabaseSync } from 'node:sqlite'

import type { Sql, SqlRow } from '../../ledger/storage/sql.ts'

/** How long a statement waits for another process that writes. */
const busyMs = 2000

/** Opens a database file, creating it if there is none; `:memory:` is an empty one in memory. */
export function openNodeSql(path: string): { sql: Sql; close: () => void } {
  const database = new DatabaseSync(path, { timeout: busyMs })
  const sql: Sql = {
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
  return { sql, close: () => database.close() }
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
