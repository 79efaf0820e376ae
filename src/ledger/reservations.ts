/**
 * The ledger of one key or group: reserves before a request is sent, renews while it runs, settles
 * when it has ended. Synchronous over SQLite, so that each step is atomic; the time is an argument.
 *
 *   none ──reserve──▶ open ──renew──▶ open ──settle──▶ settled or released      repeated: no change
 *     │                 └──lease runs out──▶ expired ──settle──▶ …   (the late truth replaces the estimate)
 *     │                                         └──renew──▶ open
 *     └──settle (without a reservation)──▶ settled
 */
import { noUsage } from '../anthropic/answer/add-usage.ts'
import type { KeyLimits } from '../keys/limits.ts'
import type { BudgetUsage } from './limits/decide.ts'
import { refuse, toHeldCost, toStanding, toStandings } from './limits/decide.ts'
import { measureBudgets, toBudgetScopes, toScopes } from './limits/usage-against-limits.ts'
import { countSearches, measureDemand } from './measure-demand.ts'
import type {
  BudgetStanding,
  Charge,
  LedgerDecision,
  OpenRequest,
  Reservation,
} from './protocol.ts'
import { leaseMs } from './protocol.ts'
import { migrate } from './storage/migrations.ts'
import type { Policy } from './storage/policy.ts'
import { readPolicy } from './storage/policy.ts'
import type { LoggedRequest } from './storage/request-log.ts'
import { RequestLog, toUnreserved } from './storage/request-log.ts'
import type { Sql } from './storage/sql.ts'
import { deleteOldUsage, recordCharge } from './usage/record-charge.ts'
import { toOpenRequests } from './usage/standing.ts'

/**
 * How long a repeated settlement is recognized, in milliseconds: longer than a Worker retries one.
 */
const rememberMs = 10 * 60_000

/**
 * How long a late settlement of an expired request replaces its estimate, in milliseconds: longer
 * than a request may take.
 */
const rememberExpiredMs = 2 * 3_600_000

/** The reservations and usage of one ledger. */
export class Reservations {
  readonly #sql: Sql
  #log: RequestLog

  /** Creates the tables, or migrates those of an earlier version. */
  constructor(sql: Sql) {
    migrate(sql)
    this.#sql = sql
    this.#log = new RequestLog(sql)
  }

  /** Admits a request and reserves, or refuses and changes nothing. Idempotent by id. */
  reserve(reservation: Reservation, now: number): LedgerDecision {
    return this.#atomically(() => this.#reserve(reservation, now))
  }

  /**
   * Extends a lease; one that has just expired is reopened. `known` is what the request would be
   * charged if it ended now, and is recorded if it is never settled.
   */
  renew(id: string, now: number, known?: Charge): void {
    const charge = known === undefined ? undefined : JSON.stringify(known)
    this.#change(id, { state: 'open', ended: 0, expires: now + leaseMs, charge })
  }

  /**
   * Records a charge and releases the rest of the reservation; for a request that was not sent, all
   * of it. `afterwards` is part of the same transaction.
   */
  settle(charge: Charge, now: number, afterwards?: () => void): void {
    this.#atomically(() => {
      this.#settle(charge, now)
      afterwards?.()
    })
  }

  /** Takes back the reservation of a request that is not made: it counts for nothing, and is not reported. */
  cancel(id: string, now: number): void {
    const expires = now + rememberMs
    this.#change(id, { state: 'released', ended: now, expires, held: 0, charge: undefined })
  }

  /** Ends open requests as if their leases had expired: one of them, or all. Returns their ids. */
  release(id: string | undefined, now: number): string[] {
    return this.#atomically(() => {
      const open = this.#log.open().filter((request) => id === undefined || request.id === id)
      for (const request of open) {
        this.#expireOne(request, now)
      }
      return open.map((request) => request.id)
    })
  }

  /**
   * Records requests whose leases have expired, and deletes data that is too old for any report.
   */
  expire(now: number): void {
    this.#atomically(() => {
      this.#expire(now)
      deleteOldUsage(this.#sql, now)
    })
  }

  /** Returns the requests in flight, the oldest first. */
  open(now: number): OpenRequest[] {
    this.#atomically(() => this.#expire(now))
    return toOpenRequests(this.#log, now)
  }

  /** Returns the standings of the budgets; of newer ones than these if the ledger knows any. */
  newestBudgets(request: { limits: KeyLimits; version: number }, now: number): BudgetStanding[] {
    return this.budgets(withNewestLimits(request, readPolicy(this.#sql)).limits, now)
  }

  /** Returns the standings of the budgets. */
  budgets(limits: KeyLimits, now: number): BudgetStanding[] {
    const scopes = toBudgetScopes(limits)
    return measureBudgets({ sql: this.#sql, log: this.#log, now }, limits, scopes).map(toStanding)
  }

  /** Changes a request that is open, or whose lease has expired; no other. */
  #change(id: string, fields: Partial<LoggedRequest>): void {
    this.#atomically(() => {
      const request = this.#log.find(id)
      if (request?.state === 'open' || request?.state === 'expired') {
        this.#reverseEstimate(request)
        this.#log.put({ ...request, ...fields })
      }
    })
  }

  /** Runs `work` atomically, in the tables and in memory. */
  #atomically<Value>(work: () => Value): Value {
    try {
      return this.#sql.atomically(work)
    } catch (error) {
      this.#log = new RequestLog(this.#sql)
      throw error
    }
  }

  #reserve(request: Reservation, now: number): LedgerDecision {
    const policy = readPolicy(this.#sql)
    if (policy !== undefined && policy.version >= request.version && policy.status !== 'active') {
      return { refusal: { kind: 'revoked' }, rates: [], budgets: [], expectedOutput: 0 }
    }
    const reservation = withNewestLimits(request, policy)
    this.#expire(now)
    const source = { sql: this.#sql, log: this.#log, now }
    const demand = measureDemand(source, reservation)
    const isRepeated = this.#log.find(request.id) !== undefined
    const refusal = isRepeated ? undefined : refuse(demand)
    const isAdmitted = refusal === undefined && !isRepeated
    const held = isAdmitted ? toHeldCost(demand) : 0
    if (isAdmitted) {
      this.#open(reservation, held, now)
    }
    return {
      refusal,
      rates: toStandings(demand.rates, isAdmitted, now),
      budgets: demand.budgets.map((budget) => withHeld(budget, held)),
      expectedOutput: demand.expectedOutput,
      ...countSearches(source, reservation),
    }
  }

  #open(reservation: Reservation, held: number, now: number): void {
    const { id, kind, model, estimate } = reservation
    this.#log.put({
      id,
      state: 'open',
      kind,
      model,
      scopes: toScopes(reservation),
      at: now,
      ended: 0,
      expires: now + leaseMs,
      charge: undefined,
      input: estimate.input,
      output: estimate.output,
      held,
      inputCost: estimate.inputCost,
    })
  }

  #settle(charge: Charge, now: number): void {
    const request = this.#log.find(charge.id)
    if (request?.state === 'settled' || request?.state === 'released') {
      return
    }
    const known = request ?? toUnreserved(charge, now)
    this.#reverseEstimate(known)
    recordCharge(this.#sql, charge, known.scopes)
    const { usage, sent } = charge
    this.#log.put({
      ...known,
      state: sent ? 'settled' : 'released',
      ended: now,
      expires: now + rememberMs,
      // Cache reads are not counted: https://docs.claude.com/en/api/rate-limits
      input: usage.input + usage.cacheWrite,
      output: usage.output,
      held: 0,
      charge: undefined,
    })
  }

  #reverseEstimate({ state, charge, scopes }: LoggedRequest): void {
    if (state === 'expired' && charge !== undefined) {
      const recorded: Charge = JSON.parse(charge)
      recordCharge(this.#sql, recorded, scopes, -1)
    }
  }

  #expire(now: number): void {
    this.#log.purge(now)
    for (const request of this.#log.open()) {
      // A clock that was set back must not hold a reservation for longer.
      const expires = Math.min(request.expires, now + leaseMs)
      if (expires <= now) {
        this.#expireOne(request, now)
      } else if (expires < request.expires) {
        this.#log.put({ ...request, expires })
      }
    }
  }

  /**
   * Records an expired request, whose settlement was lost: the prompt, and what is known from the
   * last renewal.
   */
  #expireOne(request: LoggedRequest, now: number): void {
    const known: Charge | undefined = request.charge && JSON.parse(request.charge)
    const charge: Charge = { ...(known ?? toPromptCharge(request)), estimated: true, error: lost }
    recordCharge(this.#sql, charge, request.scopes)
    this.#log.put({
      ...request,
      state: 'expired',
      ended: now,
      expires: now + rememberExpiredMs,
      output: charge.usage.output,
      charge: JSON.stringify(charge),
    })
  }
}

/** The error type of requests whose end was never reported. */
const lost = 'settlement_lost'

function withNewestLimits<Request extends Pick<Reservation, 'limits' | 'version'>>(
  request: Request,
  policy: Policy | undefined,
): Request {
  return policy === undefined || policy.version <= request.version
    ? request
    : { ...request, limits: policy.limits }
}

function withHeld(budget: BudgetUsage, held: number): BudgetStanding {
  return { ...toStanding(budget), held: budget.held + held }
}

function toPromptCharge({ id, kind, at, model, input, inputCost }: LoggedRequest): Charge {
  return {
    id,
    kind,
    at,
    model,
    provider: '',
    sent: true,
    estimated: true,
    adaptations: 0,
    usage: { ...noUsage, input },
    cost: inputCost,
    error: lost,
    lastFour: undefined,
    session: undefined,
    agent: undefined,
  }
}
