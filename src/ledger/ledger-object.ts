/**
 * The Durable Object: one per key, found by the key's id, and one per group (`group:<id>`). Its
 * methods are the steps of reservations.ts with the object's own clock, so that different clocks of
 * Workers have no effect.
 */
import { DurableObject } from 'cloudflare:workers'

import type { ChangedKey, KeyChange } from '../keys/change.ts'
import { changeKey } from '../keys/change.ts'
import type { KeyLimits } from '../keys/limits.ts'
import { withWriteRetries } from '../keys/write-retries.ts'
import type {
  BudgetStanding,
  Charge,
  LedgerDecision,
  OpenRequest,
  Reservation,
} from './protocol.ts'
import { Reservations } from './reservations.ts'
import { exchangeFact } from './storage/facts.ts'
import type { Policy } from './storage/policy.ts'
import { readPolicy, writePolicy } from './storage/policy.ts'
import type { Sql, SqlRow } from './storage/sql.ts'
import type { SessionRow, Span, UsageRow } from './usage/read-usage.ts'
import { readLastUsed, readSessions, readUsage } from './usage/read-usage.ts'

/** All methods are called by RPC; the Worker's side is client.ts. */
export class Ledger extends DurableObject<Env> {
  readonly #sql: Sql
  readonly #reservations: Reservations
  /**
   * The last change of the key: changes are serialized, since in KV two of them could overwrite
   * each other.
   */
  #lastChange: Promise<unknown> = Promise.resolve()

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const { storage } = ctx
    this.#sql = {
      all: (statement, ...values) => storage.sql.exec<SqlRow>(statement, ...values).toArray(),
      atomically: (work) => storage.transactionSync(work),
    }
    this.#reservations = new Reservations(this.#sql)
    this.#storeName()
    this.#releaseEarlierRun()
  }

  reserve(reservation: Reservation): LedgerDecision {
    return this.#reservations.reserve(reservation, Date.now())
  }

  renew(id: string, known?: Charge): void {
    this.#reservations.renew(id, Date.now(), known)
  }

  settle(charge: Charge): void {
    this.#reservations.settle(charge, Date.now())
  }

  /** Ends one request in flight, or all, as if its lease had expired; returns their ids. */
  release(id?: string): string[] {
    return this.#reservations.release(id, Date.now())
  }

  /** Returns the requests in flight. */
  open(): OpenRequest[] {
    return this.#reservations.open(Date.now())
  }

  budgets(limits: KeyLimits): BudgetStanding[] {
    return this.#reservations.budgets(limits, Date.now())
  }

  usage(span: Span): UsageRow[] {
    this.#reservations.expire(Date.now())
    return readUsage(this.#sql, span)
  }

  sessions(limit: number): SessionRow[] {
    return readSessions(this.#sql, limit)
  }

  lastUsed(): Record<string, number> {
    return readLastUsed(this.#sql)
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
    const next = this.#lastChange.then(() =>
      changeKey(withWriteRetries(this.env.KEYS), change, {
        now: new Date(),
        onDecided: ({ version = 0, status, limits }) =>
          writePolicy(this.#sql, { version, status, limits }),
      }),
    )
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
    const run: unknown = Reflect.get(this.env, 'RUN')
    if (typeof run === 'string' && exchangeFact(this.#sql, 'run', run) !== run) {
      this.#reservations.release(undefined, Date.now())
    }
  }
}
