/** What the ledger needs of a SQLite database: one database per key or group. */

export type SqlValue = string | number | null

export type SqlRow = Record<string, SqlValue>

/** A Durable Object's storage, or Node's own SQLite. */
export interface Sql {
  /** Runs one statement; its rows. */
  all: (statement: string, ...values: SqlValue[]) => SqlRow[]
  /** All or nothing. Must not be nested. */
  atomically: <Value>(work: () => Value) => Value
}

/** A column that is known to hold a number. */
export function toNumber(value: SqlValue | undefined): number {
  return typeof value === 'number' ? value : 0
}

/** A column that is known to hold text. */
export function toText(value: SqlValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
