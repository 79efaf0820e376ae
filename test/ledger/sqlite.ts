/** The ledger's database in Node's own SQLite. */
import { DatabaseSync } from 'node:sqlite'

import type { Sql, SqlRow } from '../../src/ledger/storage/sql.ts'

/** An empty database in memory. */
export function createSql(): Sql {
  const database = new DatabaseSync(':memory:')
  return {
    all: (statement, ...values) => database.prepare(statement).all(...values) as SqlRow[],
    atomically(work) {
      database.exec('BEGIN')
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
