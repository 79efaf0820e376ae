/**
 * The Durable Object: one a key identity, found by the key's id. Its methods are the steps of reservations.ts
 * with the clock of the object itself, so that Workers whose clocks differ cannot disagree.
 */
import { DurableObject } from 'cloudflare:workers'

import type { ChangedKey, KeyChange } from '../keys/change.ts'
import { changeKey } from '../keys/change.ts'
import { withWriteRetries } from '../keys/write-retries.ts'
import type { Charge, Reservation, LedgerDecision } from './protocol.ts'
import { Reservations } from './reservations.ts'
import type { Policy } from './storage/policy.ts'
import { readPolicy, writePolicy } from './storage/policy.ts'
import type { Sql } from './storage/sql.ts'
import type { SessionRow, Span, UsageRow } from './usage/read-usage.ts'
import { readLastUsed, readSessions, readUsage } from './usage/read-usage.ts'

/** All methods are called by RPC; the Worker's side is client.ts. */
export class Ledger extends DurableObject<Env> {
  readonly #sql: Sql
  readonly #reservations: Reservations
  /** Changes of the key go one after the other: KV alone would let two of them undo each other. */
  #lastChange: Promise<unknown> = Promise.resolve()

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const { storage } = ctx
    this.#sql = {
      all: (statement, ...values) =>
        storage.sql.exec<SqlRowOfStorage>(statement, ...values).toArray(),
      atomically: (work) => storage.transactionSync(work),
    }
    this.#reservations = new Reservations(this.#sql)
    this.#nameItself()
  }

  reserve(reservation: Reservation): LedgerDecision {
    return this.#reservations.reserve(reservation, Date.now())
  }

  settle(charge: Charge): void {
    this.#reservations.settle(charge, Date.now())
  }

  release(id: string, charge?: Charge): void {
    this.#reservations.release(id, Date.now(), charge)
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

  /** What is known of the key here, where anything is. */
  policy(): Policy | undefined {
    return readPolicy(this.#sql)
  }

  /**
   * Changes the key: its ledger knows at once, KV when it has been written. Undefined for an unknown key.
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
      // Whoever asked for it hears of it.
    })
    return next
  }

  /** For tools that find the database as a file. */
  #nameItself(): void {
    const { name } = this.ctx.id
    if (name !== undefined) {
      this.#sql.all(`INSERT OR IGNORE INTO facts (name, value) VALUES ('key', ?)`, name)
    }
  }
}

type SqlRowOfStorage = Record<string, string | number | null>
