/** The ledger's tables, in SQLite: one database a key. Knows SQL, and no rule. */

export type SqlValue = string | number | null

export type SqlRow = Record<string, SqlValue>

/** What of a Durable Object's storage is needed; Node's own SQLite fits too. */
export interface Sql {
  /** Runs one statement; its rows. */
  all: (statement: string, ...values: SqlValue[]) => SqlRow[]
  /** All or nothing. Must not be nested. */
  atomically: <Value>(work: () => Value) => Value
}

const schema = [
  // Open until it is settled, released or expired; closed ones stay a while, so that a repetition is known.
  `CREATE TABLE IF NOT EXISTS reservations (
    id TEXT PRIMARY KEY, state TEXT NOT NULL, at INTEGER NOT NULL, expires INTEGER NOT NULL,
    kind TEXT NOT NULL, model TEXT NOT NULL, scopes TEXT NOT NULL,
    input INTEGER NOT NULL, output INTEGER NOT NULL, cost INTEGER NOT NULL,
    input_cost INTEGER NOT NULL, charge TEXT
  ) WITHOUT ROWID`,
  `CREATE INDEX IF NOT EXISTS reservations_by_state ON reservations (state, expires)`,
  // What counts for a minute. '' is the key as a whole.
  `CREATE TABLE IF NOT EXISTS slots (
    scope TEXT NOT NULL, metric TEXT NOT NULL, second INTEGER NOT NULL, amount INTEGER NOT NULL,
    PRIMARY KEY (scope, metric, second)
  ) WITHOUT ROWID`,
  // Nano-dollars a day; day -1 is all time.
  `CREATE TABLE IF NOT EXISTS spend (day INTEGER PRIMARY KEY, cost INTEGER NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS usage (
    hour INTEGER NOT NULL, model TEXT NOT NULL, provider TEXT NOT NULL,
    requests INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL,
    cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL, thinking INTEGER NOT NULL,
    cost INTEGER NOT NULL, errors INTEGER NOT NULL, adaptations INTEGER NOT NULL,
    estimated INTEGER NOT NULL,
    PRIMARY KEY (hour, model, provider)
  ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS errors (
    hour INTEGER NOT NULL, model TEXT NOT NULL, provider TEXT NOT NULL, type TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (hour, model, provider, type)
  ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS sessions (
    session TEXT NOT NULL, agent TEXT NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
    requests INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    PRIMARY KEY (session, agent)
  ) WITHOUT ROWID`,
  `CREATE INDEX IF NOT EXISTS sessions_by_time ON sessions (last_at)`,
  `CREATE TABLE IF NOT EXISTS secrets (last_four TEXT PRIMARY KEY, last_used INTEGER NOT NULL)
    WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`,
]

/** Makes what is missing of the tables. */
export function createTables({ all }: Sql): void {
  for (const statement of schema) {
    all(statement)
  }
}

/** A column that is known to hold a number. */
export function toNumber(value: SqlValue | undefined): number {
  return typeof value === 'number' ? value : 0
}

/** A column that is known to hold text. */
export function toText(value: SqlValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
