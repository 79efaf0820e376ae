/**
 * The schema of a ledger's database, and the steps from every earlier one to it. A step that was released
 * is never edited: databases that it was applied to exist.
 */
import type { Schema } from './migrate.ts'
import { migrate as migrateTo } from './migrate.ts'
import type { Sql } from './sql.ts'

/** The steps; each one migrates from the version that is its index to the next one. */
const steps: Schema['steps'] = [
  // 0 → 1: the first schema. Databases of 0.1.0 have these tables and no version.
  [
    `CREATE TABLE IF NOT EXISTS reservations (
      id TEXT PRIMARY KEY, state TEXT NOT NULL, at INTEGER NOT NULL, expires INTEGER NOT NULL,
      kind TEXT NOT NULL, model TEXT NOT NULL, scopes TEXT NOT NULL,
      input INTEGER NOT NULL, output INTEGER NOT NULL, cost INTEGER NOT NULL,
      input_cost INTEGER NOT NULL, charge TEXT
    ) WITHOUT ROWID`,
    `CREATE INDEX IF NOT EXISTS reservations_by_state ON reservations (state, expires)`,
    `CREATE TABLE IF NOT EXISTS slots (
      scope TEXT NOT NULL, metric TEXT NOT NULL, second INTEGER NOT NULL, amount INTEGER NOT NULL,
      PRIMARY KEY (scope, metric, second)
    ) WITHOUT ROWID`,
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
  ],
  // 1 → 2: rate limits are read from the requests of the last minute, so that a request writes fewer rows;
  // money is counted by model pattern too; cache writes for one hour and web searches have columns.
  [
    `CREATE TABLE requests (
      id TEXT PRIMARY KEY, state TEXT NOT NULL, kind TEXT NOT NULL, model TEXT NOT NULL,
      scopes TEXT NOT NULL, at INTEGER NOT NULL, ended INTEGER NOT NULL, expires INTEGER NOT NULL,
      input INTEGER NOT NULL, output INTEGER NOT NULL, held INTEGER NOT NULL,
      input_cost INTEGER NOT NULL, charge TEXT
    ) WITHOUT ROWID`,
    // Reservations of an earlier version are not renewed, and expire immediately.
    `INSERT INTO requests (id, state, kind, model, scopes, at, ended, expires, input, output, held,
        input_cost, charge)
      SELECT id, state, kind, model,
        '[' || replace(json_quote(substr(scopes, 2, length(scopes) - 2)), '\\n', '","') || ']', at, iif(state = 'open', 0, at),
        iif(state = 'open', 0, expires), input, output, cost, input_cost, charge
      FROM reservations`,
    `DROP INDEX reservations_by_state`,
    `DROP TABLE reservations`,
    `DROP TABLE slots`,
    `CREATE TABLE spend_by_scope (
      scope TEXT NOT NULL, day INTEGER NOT NULL, cost INTEGER NOT NULL,
      PRIMARY KEY (scope, day)
    ) WITHOUT ROWID`,
    `INSERT INTO spend_by_scope (scope, day, cost) SELECT '', day, cost FROM spend WHERE day >= 0`,
    // Day -1 was the sum of all days, and is the sum of deleted days since.
    `INSERT INTO spend_by_scope (scope, day, cost)
      SELECT '', -1, 2 * sum(iif(day = -1, cost, 0)) - sum(cost) FROM spend
      HAVING count(*) > 0`,
    `DROP TABLE spend`,
    `DROP INDEX sessions_by_time`,
    `ALTER TABLE usage ADD COLUMN cache_write_1h INTEGER NOT NULL DEFAULT 0`,
    `ALTER TABLE usage ADD COLUMN web_searches INTEGER NOT NULL DEFAULT 0`,
  ],
  // 2 → 3: in which group a key was, from which hour on; corrections of what was charged.
  [
    `CREATE TABLE memberships (hour INTEGER PRIMARY KEY, group_id TEXT NOT NULL)`,
    `CREATE TABLE adjustments (
      id TEXT PRIMARY KEY, at INTEGER NOT NULL, cost INTEGER NOT NULL, why TEXT NOT NULL,
      actor TEXT NOT NULL, model TEXT NOT NULL, key TEXT NOT NULL
    ) WITHOUT ROWID`,
  ],
  // 3 → 4: alerts that are to be sent, or were sent and may be raised again.
  [
    `CREATE TABLE alerts (
      key TEXT PRIMARY KEY, until INTEGER, alert TEXT NOT NULL, sinks TEXT NOT NULL, due INTEGER,
      tries INTEGER NOT NULL
    ) WITHOUT ROWID`,
  ],
]

/**
 * Brings a ledger's database to the newest schema; an empty one too. Throws for a database of a newer version,
 * and then changes nothing.
 */
export function migrate(sql: Sql): void {
  migrateTo(sql, { of: 'ledger', steps })
}
