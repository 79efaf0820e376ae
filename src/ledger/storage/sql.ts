/** The interface of an object's SQLite database, such as that of a ledger. */

export type SqlValue = string | number | null

export type SqlRow = Record<string, SqlValue>

/** A Durable Object's storage, or Node's own SQLite. */
export interface Sql {
  /** Runs one statement; returns its rows. */
  all: (statement: string, ...values: SqlValue[]) => SqlRow[]
  /** Runs `work` in a transaction, which must not be nested. */
  atomically: <Value>(work: () => Value) => Value
}

/** The database of a Durable Object. */
export function toSql(storage: Pick<DurableObjectStorage, 'sql' | 'transactionSync'>): Sql {
  return {
    all: (statement, ...values) => storage.sql.exec<SqlRow>(statement, ...values).toArray(),
    atomically: (work) => storage.transactionSync(work),
  }
}

/** Returns the value of a column that is a number. */
export function toNumber(value: SqlValue | undefined): number {
  return typeof value === 'number' ? value : 0
}

/** Returns the value of a column that is text. */
export function toText(value: SqlValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
