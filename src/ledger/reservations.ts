/**
 * One key's ledger: reserves before a request is sent, settles when it has ended. Synchronous over
 * SQLite, so that each step is one piece; the clock is an argument.
 *
 *   none ──reserve──▶ open ──settle──▶ settled          a repetition changes nothing
 *     │                │ └───release──▶ released
 *     │                └──time is up──▶ expired ──settle, release──▶ … (the late truth replaces the estimate)
 *     └──settle (the ledger could not be asked before, or need not be)──▶ settled
 */
import { refuseBudget, refuseRate, toBudgetStanding, toStandings } from './limits/decide.ts'
import type { Measure } from './limits/decide.ts'
import { addToSlot, correctSlot, expireSlots } from './limits/sliding-window.ts'
import {
  joinScopes,
  measureBudgets,
  measureRates,
  splitScopes,
  toScopes,
} from './limits/usage-against-limits.ts'
import type { Charge, Reservation, LedgerDecision } from './protocol.ts'
import type { Policy } from './storage/policy.ts'
import { readPolicy } from './storage/policy.ts'
import type { Sql, SqlRow } from './storage/sql.ts'
import { createTables, toNumber, toText } from './storage/sql.ts'
import { recordCharge, deleteOldUsage } from './usage/record-charge.ts'

/** Longer than a request may take, tries and all. What has not been settled by then never will be, or is corrected. */
export const longestRequestMs = 75 * 60_000

/** For how long a repetition is known as one. */
const rememberMs = 24 * 3_600_000

/** The reservations and charges of one key, over its database. Every step is atomic. */
export class Reservations {
  readonly #sql: Sql

  /** Creates the tables where they are missing. */
  constructor(sql: Sql) {
    createTables(sql)
    this.#sql = sql
  }

  /** Admits and reserves, or refuses and changes nothing. The same id again gets the same answer. */
  reserve(reservation: Reservation, now: number): LedgerDecision {
    return this.#sql.atomically(() => reserve(this.#sql, reservation, now))
  }

  /** Records what was used and releases the rest. */
  settle(charge: Charge, now: number): void {
    this.#sql.atomically(() => settle(this.#sql, charge, now))
  }

  /** Releases all of it: nothing was used. Records the failed request where there is a `charge`. */
  release(id: string, now: number, charge?: Charge): void {
    this.#sql.atomically(() => release(this.#sql, id, now, charge))
  }

  /** Settles reservations whose settlement was lost, and deletes what is older than any report reaches. */
  expire(now: number): void {
    this.#sql.atomically(() => {
      expire(this.#sql, now)
      deleteOldUsage(this.#sql, now)
    })
  }
}

function reserve(sql: Sql, asked: Reservation, now: number): LedgerDecision {
  const policy = readPolicy(sql)
  if (policy !== undefined && policy.version >= asked.version && policy.status !== 'active') {
    return { refusal: { kind: 'revoked' }, rates: [] }
  }
  const reservation = withNewest(asked, policy)
  expire(sql, now)
  expireSlots(sql, now)
  const known = find(sql, asked.id) !== undefined
  const measures = measureRates(sql, reservation)
  const budgets = asked.kind === 'messages' ? measureBudgets(sql, reservation.limits, now) : []
  const refusal = known ? undefined : (refuseBudget(budgets) ?? refuseRate(measures, now))
  if (refusal === undefined && !known) {
    open(sql, reservation, { measures, now })
  }
  const standing = toBudgetStanding(budgets)
  return {
    ...(refusal === undefined ? {} : { refusal }),
    rates: toStandings(measures, refusal === undefined && !known, now),
    ...(standing === undefined ? {} : { budget: standing }),
  }
}

function withNewest(asked: Reservation, policy: Policy | undefined): Reservation {
  return policy === undefined || policy.version <= asked.version
    ? asked
    : { ...asked, limits: policy.limits }
}

function open(
  sql: Sql,
  reservation: Reservation,
  { measures, now }: { measures: readonly Measure[]; now: number },
): void {
  const { id, kind, model, estimate } = reservation
  for (const { metric, pattern: scope = '', wanted } of measures) {
    if (metric === 'requests' || metric === 'input') {
      const name = kind === 'count_tokens' ? 'counts' : metric
      addToSlot(sql, { scope, metric: name }, now, wanted)
    }
  }
  sql.all(
    `INSERT INTO reservations (id, state, at, expires, kind, model, scopes, input, output, cost,
        input_cost)
      VALUES (?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    now,
    now + longestRequestMs,
    kind,
    model,
    joinScopes(toScopes(reservation)),
    estimate.input,
    estimate.output,
    estimate.cost,
    estimate.inputCost,
  )
}

function settle(sql: Sql, charge: Charge, now: number): void {
  const row = find(sql, charge.id)
  const state = row?.['state']
  if (state === 'settled' || state === 'released') {
    return
  }
  takeBackEstimate(sql, row)
  if (state === 'open' && row !== undefined) {
    settleRates(sql, row, charge, now)
  }
  recordCharge(sql, charge)
  close(sql, charge.id, { state: 'settled', at: charge.at, now })
}

/** Of a reservation that had expired before its end was heard of. */
function takeBackEstimate(sql: Sql, row: SqlRow | undefined): void {
  const booked = toText(row?.['charge'])
  if (booked !== '') {
    const estimate: Charge = JSON.parse(booked)
    recordCharge(sql, estimate, -1)
  }
}

/** The truth of what was estimated; what was written counts from now on, as it could not be known before. */
function settleRates(sql: Sql, row: SqlRow, { usage }: Charge, now: number): void {
  const at = toNumber(row['at'])
  // What was read from a cache is not counted: https://docs.claude.com/en/api/rate-limits
  const input = usage.input + usage.cacheWrite
  for (const scope of splitScopes(toText(row['scopes']))) {
    correctSlot(sql, { scope, metric: 'input' }, at, input - toNumber(row['input']))
    addToSlot(sql, { scope, metric: 'output' }, now, usage.output)
  }
}

function release(sql: Sql, id: string, now: number, charge?: Charge): void {
  const row = find(sql, id)
  const state = row?.['state']
  if (state === 'settled' || state === 'released') {
    return
  }
  takeBackEstimate(sql, row)
  if (row !== undefined) {
    const at = toNumber(row['at'])
    const metric = row['kind'] === 'count_tokens' ? 'counts' : 'requests'
    for (const scope of splitScopes(toText(row['scopes']))) {
      correctSlot(sql, { scope, metric }, at, -1)
      correctSlot(sql, { scope, metric: 'input' }, at, -toNumber(row['input']))
    }
  }
  if (charge !== undefined) {
    recordCharge(sql, charge)
  }
  close(sql, id, { state: 'released', at: now, now })
}

/** A settlement that was lost: the prompt was sent, and that is all that is known. */
function expire(sql: Sql, now: number): void {
  // A clock that was set back must not keep anything open for longer.
  const latest = now + longestRequestMs
  sql.all(
    `UPDATE reservations SET expires = ? WHERE state = 'open' AND expires > ?`,
    latest,
    latest,
  )
  for (const row of sql.all(
    `SELECT * FROM reservations WHERE state = 'open' AND expires <= ?`,
    now,
  )) {
    const charge = toLostCharge(row)
    recordCharge(sql, charge)
    sql.all(
      `UPDATE reservations SET state = 'expired', expires = ?, charge = ? WHERE id = ?`,
      now + rememberMs,
      JSON.stringify(charge),
      charge.id,
    )
  }
  sql.all(`DELETE FROM reservations WHERE state <> 'open' AND expires <= ?`, now)
}

function toLostCharge(row: SqlRow): Charge {
  const input = toNumber(row['input'])
  return {
    id: toText(row['id']),
    kind: row['kind'] === 'count_tokens' ? 'count_tokens' : 'messages',
    at: toNumber(row['at']),
    model: toText(row['model']),
    provider: '',
    usage: { input, output: 0, cacheRead: 0, cacheWrite: 0, thinking: 0 },
    cost: toNumber(row['input_cost']),
    estimated: true,
    error: 'settlement_lost',
    adaptations: 0,
  }
}

function close(
  { all }: Sql,
  id: string,
  { state, at, now }: { state: 'settled' | 'released'; at: number; now: number },
): void {
  all(
    `INSERT INTO reservations (id, state, at, expires, kind, model, scopes, input, output, cost,
        input_cost)
      VALUES (?, ?, ?, ?, '', '', '', 0, 0, 0, 0)
      ON CONFLICT DO UPDATE SET state = excluded.state, expires = excluded.expires, charge = NULL`,
    id,
    state,
    at,
    now + rememberMs,
  )
}

function find({ all }: Sql, id: string): SqlRow | undefined {
  return all('SELECT * FROM reservations WHERE id = ?', id)[0]
}
