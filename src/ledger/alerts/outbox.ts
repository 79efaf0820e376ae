/**
 * Alerts that are to be sent, in a ledger's database: each one once, and each until its receivers accept it.
 * One that was sent is kept for as long as the same event may be raised again.
 *
 *   raise ──▶ due ──delivered──▶ kept until `until` ──▶ deleted
 *              │ ▲
 *              └─┘ a receiver fails: due again after a longer time, 8 times
 */
import type { Alert, SentAlert } from '../../alerts/alert.ts'
import type { AlertSink } from '../../alerts/sink.ts'
import { sinksFor } from '../../alerts/sink.ts'
import type { Sql, SqlRow } from '../storage/sql.ts'
import { toNumber, toOptionalNumber, toText } from '../storage/sql.ts'

/** The delays before retries in milliseconds, of about a day in all; after the last one an alert is given up. */
export const retryAfterMs: readonly number[] = [
  5_000, 30_000, 120_000, 600_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000,
]

/** An alert that is due, and the sinks that have not accepted it. */
export interface DueAlert {
  key: string
  alert: SentAlert
  sinks: readonly AlertSink[]
  /** Attempts so far. */
  tries: number
}

/** The alerts that a ledger has still to send. Times are epoch milliseconds. */
export class Outbox {
  readonly #sql: Sql
  readonly #newId: () => string

  /** `newId` returns a new id of an alert. */
  constructor(sql: Sql, newId: () => string) {
    this.#sql = sql
    this.#newId = newId
  }

  /**
   * Adds alerts that were not raised before, for the sinks that want their kind. Writes nothing for others.
   * Returns whether any was added.
   */
  raise(alerts: readonly Alert[], sinks: readonly AlertSink[], now: number): boolean {
    const added = alerts.map((alert) => this.#raise(alert, sinksFor(sinks, alert.kind), now))
    return added.includes(true)
  }

  #raise({ key, until, ...alert }: Alert, sinks: readonly AlertSink[], now: number): boolean {
    const [known] = this.#sql.all('SELECT until, due FROM alerts WHERE key = ?', key)
    const isSame =
      known !== undefined && (known['until'] === null || toNumber(known['until']) > now)
    if (isSame || sinks.length === 0) {
      return false
    }
    const sent: SentAlert = { id: this.#newId(), at: now, ...alert }
    this.#sql.all(
      `INSERT OR REPLACE INTO alerts (key, until, alert, sinks, due, tries) VALUES (?, ?, ?, ?, ?, 0)`,
      key,
      until,
      JSON.stringify(sent),
      JSON.stringify(sinks),
      now,
    )
    return true
  }

  /** Returns the alerts that are due, the oldest first. */
  due(now: number): DueAlert[] {
    const query = 'SELECT * FROM alerts WHERE due <= ? ORDER BY due, key LIMIT 50'
    return this.#sql.all(query, now).map(toDue)
  }

  /** When the next alert is due, in epoch milliseconds; undefined if none is. */
  nextDue(): number | undefined {
    const [row] = this.#sql.all('SELECT min(due) AS due FROM alerts')
    return toOptionalNumber(row?.['due'])
  }

  /**
   * Records an attempt, after which `failed` are the sinks that have not accepted it. Returns whether they are
   * given up.
   */
  tried({ key, tries }: DueAlert, failed: readonly AlertSink[], now: number): boolean {
    const wait = failed.length === 0 ? undefined : retryAfterMs[tries]
    this.#sql.all(
      'UPDATE alerts SET sinks = ?, due = ?, tries = ? WHERE key = ?',
      JSON.stringify(failed),
      wait === undefined ? null : now + wait,
      tries + 1,
      key,
    )
    return failed.length > 0 && wait === undefined
  }

  /** Deletes alerts that need not be recognized any more. */
  purge(now: number): void {
    this.#sql.all('DELETE FROM alerts WHERE due IS NULL AND until <= ?', now)
  }
}

function toDue(row: SqlRow): DueAlert {
  return {
    key: toText(row['key']),
    alert: JSON.parse(toText(row['alert'])),
    sinks: JSON.parse(toText(row['sinks'])),
    tries: toNumber(row['tries']),
  }
}
