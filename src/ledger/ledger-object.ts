/**
 * The Durable Object: one per key, found by the key's id, and one per group (`group:<id>`). Its methods are
 * the steps of reservations.ts with the clock of the object itself, so that Workers whose clocks differ
 * cannot disagree.
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
  /** Changes of the key are serialized: KV alone would let two of them undo each other. */
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

  /** Ends one request in flight, or all, as if its lease had run out; the ids of those that were. */
  release(id?: string): string[] {
    return this.#reservations.release(id, Date.now())
  }

  /** Requests in flight. */
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

  /** The newest state of the key that this ledger knows; undefined where it was never changed here. */
  policy(): Policy | undefined {
    return readPolicy(this.#sql)
  }

  /**
   * Changes the key: this ledger applies it at once, KV when it has been written. Undefined for an
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

  /** For tools that find the database as a file. */
  #storeName(): void {
    const { name } = this.ctx.id
    if (name !== undefined) {
      exchangeFact(this.#sql, 'key', name)
    }
  }

  /**
   * `npm start` names each of its runs in the var `RUN`: what an earlier one left open was ended with it.
   * On Cloudflare there is no such var, and leases run out.
   */
  #releaseEarlierRun(): void {
    const run: unknown = Reflect.get(this.env, 'RUN')
    if (typeof run === 'string' && exchangeFact(this.#sql, 'run', run) !== run) {
      this.#reservations.release(undefined, Date.now())
    }
  }
}
