/** Named values of a ledger, such as the id of its key. */
import type { Sql } from './sql.ts'
import { insert, toText } from './sql.ts'

/** Reads a fact; undefined if it was never set. */
export function readFact({ all }: Sql, name: string): string | undefined {
  const [row] = all('SELECT value FROM facts WHERE name = ?', name)
  return row && toText(row['value'])
}

/** Sets a fact, without a write if it is unchanged; returns its previous value. */
export function exchangeFact(sql: Sql, name: string, value: string): string | undefined {
  const before = readFact(sql, name)
  if (before !== value) {
    insert(sql, 'facts', { name, value }, 'UPDATE SET value = excluded.value')
  }
  return before
}
