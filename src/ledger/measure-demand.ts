import type { Demand } from './limits/decide.ts'
import { toExpectedOutput } from './limits/decide.ts'
import { measureBudgets, measureRates, toScopes } from './limits/usage-against-limits.ts'
/** Measures what a request needs of its limits, and what of them is used: all that its admission depends on. */
import type { LedgerDecision, Reservation } from './protocol.ts'
import { leaseMs, renewEveryMs } from './protocol.ts'
import type { RequestLog } from './storage/request-log.ts'
import type { Sql } from './storage/sql.ts'
import { readSearches, readUsualOutput } from './usage/read-usage.ts'

/** What usage is read from; `now` in epoch milliseconds. */
export interface UsageSource {
  sql: Sql
  log: RequestLog
  now: number
}

/**
 * The retry time in milliseconds if only the end of other requests can help, which is not known.
 */
const usualHeldRetryMs = 2000

/** Measures the usage of a ledger within the limits that apply to a reservation. */
export function measureDemand(source: UsageSource, reservation: Reservation): Demand {
  const { sql, log, now } = source
  const { kind, limits, model, estimate } = reservation
  const isCount = kind === 'count_tokens'
  const usual = isCount ? undefined : readUsualOutput(sql, model, now)
  return {
    rates: measureRates(log, reservation, now),
    budgets: isCount ? [] : measureBudgets(source, limits, toScopes(reservation)),
    estimate,
    expectedOutput: toExpectedOutput(usual, estimate.output),
    heldRetryMs: toHeldRetryMs(log, now),
    now,
  }
}

/** The web searches that the key's limit leaves. Those of requests in flight are not known yet. */
export function countSearches(
  { sql, now }: UsageSource,
  { limits: { web_search: limit } }: Reservation,
): Pick<LedgerDecision, 'searchesLeft'> {
  return limit === undefined ? {} : { searchesLeft: Math.max(0, limit - readSearches(sql, now)) }
}

/**
 * The retry time in milliseconds if requests in flight must end first. One that missed a renewal
 * has probably failed, and ends with its lease.
 */
function toHeldRetryMs(log: RequestLog, now: number): number {
  const leases = log.open().map(({ expires }) => expires - now)
  const nextAfterRenewal = leaseMs - 1.5 * renewEveryMs
  const waits = leases.map((left) => (left < nextAfterRenewal ? left : usualHeldRetryMs))
  return waits.length === 0 ? usualHeldRetryMs : Math.max(Math.min(...waits), usualHeldRetryMs)
}
