/**
 * Migrates the database of a Durable Object. The version of its schema is kept in the table `facts`, which the
 * first step creates, since a Durable Object may not set SQLite's `user_version`.
 */
import { exchangeFact, readFact } from './facts.ts'
import type { Sql } from './sql.ts'
import { countRows } from './sql.ts'

/** A schema of a database: a step of statements for each version. */
export interface Schema {
  /** What the database is of, as an error names it. */
  of: string
  /** The statements of each step, which migrates from the version that is its index to the next one. */
  steps: readonly (readonly string[])[]
}

/**
 * Brings a database to the newest version; an empty one too. Throws for a database of a newer version, and
 * then changes nothing.
 */
export function migrate(sql: Sql, { of, steps }: Schema): void {
  const newest = steps.length
  const from = readSchemaVersion(sql)
  if (from === newest) {
    return
  }
  if (from > newest) {
    throw new Error(
      `This ${of} has schema version ${from}, but this version of the gateway supports up to ${newest}. Deploy the newer version again.`,
    )
  }
  sql.atomically(() => {
    for (const statement of steps.slice(from).flat()) {
      sql.all(statement)
    }
    exchangeFact(sql, 'schema', String(newest))
  })
}

/**
 * Reads the version: 0 for a database without tables, and for a ledger of 0.1.0, to which the first step
 * changes nothing.
 */
function readSchemaVersion(sql: Sql): number {
  const hasFacts = countRows(sql, `sqlite_master WHERE name = 'facts'`) > 0
  return hasFacts ? Number(readFact(sql, 'schema') ?? 0) : 0
}
