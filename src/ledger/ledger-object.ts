/**
 * The Durable Object: one per key, found by the key's id, and one per group (`group:<id>`). Its
 * methods are the steps of reservations.ts with the object's own clock, so that different clocks of
 * Workers have no effect.
 */
import { DurableObject } from 'cloudflare:workers'

import type { Alert } from '../alerts/alert.ts'
import type { AlertSink } from '../alerts/sink.ts'
import type { ChangedKey, KeyChange } from '../keys/change.ts'
import type { ChangedGroup, GroupChange } from '../keys/groups/change.ts'
import type { GroupRecord } from '../keys/groups/record.ts'
import type { ChangeOptions } from '../keys/limits-patch.ts'
import type { KeyLimits } from '../keys/limits.ts'
import type { KeyRecord } from '../keys/record.ts'
import { withWriteRetries } from '../keys/write-retries.ts'
import { toBudgetAlerts } from './alerts/budget-alerts.ts'
import { Outbox } from './alerts/outbox.ts'
import type {
  Adjustment,
  Charge,
  LedgerDecision,
  LedgerStanding,
  Reservation,
  Watch,
} from './protocol.ts'
import { Reservations } from './reservations.ts'
import { exchangeFact } from './storage/facts.ts'
import type { Policy } from './storage/policy.ts'
import { readPolicy, writePolicy } from './storage/policy.ts'
import type { Sql } from './storage/sql.ts'
import { toSql } from './storage/sql.ts'
import type { TableRows } from './storage/tables.ts'
import { exportTables, importTables } from './storage/tables.ts'
import type { BookedAdjustment } from './usage/adjust.ts'
import { listAdjustments, recordAdjustment } from './usage/adjust.ts'
import type { SessionRow, Span, UsageRow } from './usage/read-usage.ts'
import { readAdjustments, readLastUsed, readSessions, readUsage } from './usage/read-usage.ts'

/** All methods are called by RPC; the Worker's side is client.ts. */
export class LedgerObject extends DurableObject<Env> {
  readonly #sql: Sql
  readonly #reservations: Reservations
  readonly #outbox: Outbox
  /** Changes of the key or group are serialized: KV alone would let two of them undo each other. */
  #lastChange: Promise<unknown> = Promise.resolve()

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#sql = toSql(ctx.storage)
    this.#reservations = new Reservations(this.#sql)
    this.#outbox = new Outbox(this.#sql, () => `alert_${crypto.randomUUID()}`)
    this.#storeName()
    this.#releaseEarlierRun()
  }

  reserve(reservation: Reservation): LedgerDecision {
    return this.#reservations.reserve(reservation, Date.now())
  }

  renew(id: string, known?: Charge): void {
    this.#reservations.renew(id, Date.now(), known)
  }

  /** `watch`: whom to alert of budgets that are nearly or fully used now. */
  settle(charge: Charge, watch?: Watch): void {
    const now = Date.now()
    let isRaised = false
    this.#reservations.settle(charge, now, () => {
      if (watch !== undefined) {
        const budgets = this.#reservations.newestBudgets(watch, now)
        isRaised = this.#outbox.raise(toBudgetAlerts(watch.holder, budgets), watch.sinks, now)
      }
    })
    if (isRaised) {
      this.#setAlarm(now)
    }
  }

  /** Has alerts sent, each once; without `sinks` to those of the catalog that was read last. */
  async raise(alerts: Alert[], sinks?: AlertSink[]): Promise<void> {
    const { watchedSinks } = await import('./alerts/alarm.ts')
    const now = Date.now()
    if (this.#outbox.raise(alerts, sinks ?? watchedSinks(this.#sql), now)) {
      this.#setAlarm(now)
    }
  }

  /** Looks after the catalog and the keys from now on, for these sinks. */
  async watch(sinks: AlertSink[]): Promise<void> {
    const { startWatching } = await import('./alerts/alarm.ts')
    if (startWatching(this.#sql, sinks) || (await this.ctx.storage.getAlarm()) === null) {
      await this.ctx.storage.setAlarm(Date.now())
    }
  }

  override async alarm(): Promise<void> {
    const { runAlarm } = await import('./alerts/alarm.ts')
    const next = await runAlarm(this.#sql, this.#outbox, {
      keys: this.env.KEYS,
      catalog: this.env.CATALOG,
      fetch: (url, init) => fetch(url, init),
      secret: (name) => this.#readVar(name),
      now: () => Date.now(),
      writeLog: (line) => console.log(JSON.stringify(line)),
    })
    if (next !== undefined) {
      await this.ctx.storage.setAlarm(next)
    }
  }

  /** Takes back a reservation whose request is not made. */
  cancel(id: string): void {
    this.#reservations.cancel(id, Date.now())
  }

  /** Ends one request in flight, or all, as if its lease had expired; returns their ids. */
  release(id?: string): string[] {
    return this.#reservations.release(id, Date.now())
  }

  /** Returns the standing of the key or group, with the budgets of these limits. */
  standing(limits: KeyLimits): LedgerStanding {
    const now = Date.now()
    return {
      // The first call expires leases that were not renewed.
      open: this.#reservations.open(now),
      budgets: this.#reservations.budgets(limits, now),
      lastUsed: readLastUsed(this.#sql),
    }
  }

  /** Books a correction; repeated, it changes nothing. */
  adjust(adjustment: Adjustment): void {
    recordAdjustment(this.#sql, adjustment)
  }

  /** The latest corrections. */
  adjustments(): BookedAdjustment[] {
    return listAdjustments(this.#sql)
  }

  usage(span: Span): UsageRow[] {
    this.#reservations.expire(Date.now())
    return readUsage(this.#sql, span)
  }

  /** Returns all that was counted, for an export. */
  exportTables(): TableRows[] {
    this.#reservations.expire(Date.now())
    return exportTables(this.#sql)
  }

  /** Takes over what another ledger has counted. */
  importTables(parts: TableRows[]): void {
    importTables(this.#sql, parts)
  }

  /** Corrections alone, as rows of usage: what a group's ledger adds to the reports of its keys. */
  adjustedUsage(span: Span): UsageRow[] {
    return readAdjustments(this.#sql, span)
  }

  sessions(limit: number): SessionRow[] {
    return readSessions(this.#sql, limit)
  }

  /**
   * Returns the newest state of the key that this ledger knows; undefined if it was never changed
   * here.
   */
  policy(): Policy | undefined {
    return readPolicy(this.#sql)
  }

  /**
   * Changes the key: this ledger applies it immediately, KV when it is written. Undefined for an
   * unknown key.
   */
  change(change: KeyChange): Promise<ChangedKey | undefined> {
    return this.#serialize(async () => {
      const { changeKey } = await import('../keys/change.ts')
      return changeKey(withWriteRetries(this.env.KEYS), change, this.#applying())
    })
  }

  /** Changes the group whose ledger this is, as {@link change} does a key. */
  changeGroup(change: GroupChange): Promise<ChangedGroup | undefined> {
    return this.#serialize(async () => {
      const { changeGroup } = await import('../keys/groups/change.ts')
      return changeGroup(withWriteRetries(this.env.KEYS), change, this.#applying())
    })
  }

  #applying(): ChangeOptions<KeyRecord | GroupRecord> {
    return {
      now: new Date(),
      onDecided: ({ version = 0, status, limits }) =>
        writePolicy(this.#sql, { version, status, limits }),
    }
  }

  /** What was written in the same turn is written with it, or not at all. */
  #setAlarm(at: number): void {
    void this.ctx.storage.setAlarm(at)
  }

  #readVar(name: string): string | undefined {
    const value: unknown = Reflect.get(this.env, name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }

  #serialize<Value>(work: () => Promise<Value>): Promise<Value> {
    const next = this.#lastChange.then(work)
    this.#lastChange = next.catch(() => {
      // The caller of this change gets the error; the next change is independent of it.
    })
    return next
  }

  /** Stores the key's id, for commands that open the database as a file. */
  #storeName(): void {
    const { name } = this.ctx.id
    if (name !== undefined) {
      exchangeFact(this.#sql, 'key', name)
    }
  }

  /**
   * Ends requests of an earlier run of `npm start`, which identifies each run by the var `RUN`. On
   * Cloudflare there is no such var, and leases expire.
   */
  #releaseEarlierRun(): void {
    const run = this.#readVar('RUN')
    if (run !== undefined && exchangeFact(this.#sql, 'run', run) !== run) {
      this.#reservations.release(undefined, Date.now())
    }
  }
}
