/** Named values of a ledger: whose it is, what it was last told. */
import type { Sql } from './sql.ts'
import { toText } from './sql.ts'

/** Undefined where it was never set. */
export function readFact({ all }: Sql, name: string): string | undefined {
  const [row] = all('SELECT value FROM facts WHERE name = ?', name)
  return row && toText(row['value'])
}

/** Sets a fact, writing nothing where it is so already; its value before. */
export function exchangeFact(sql: Sql, name: string, value: string): string | undefined {
  const before = readFact(sql, name)
  if (before !== value) {
    sql.all(
      `INSERT INTO facts (name, value) VALUES (?, ?)
        ON CONFLICT DO UPDATE SET value = excluded.value`,
      name,
      value,
    )
  }
  return before
}
