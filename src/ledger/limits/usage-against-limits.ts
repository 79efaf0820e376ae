/** Measures the usage of each limit of a key. Only spend is read from the database. */
import type { Budget, KeyLimits, Rates } from '../../keys/limits.ts'
import { matchesAny } from '../../platform/model-pattern.ts'
import { toNano } from '../money.ts'
import type { Metric, Reservation } from '../protocol.ts'
import type { LoggedRequest, RequestLog } from '../storage/request-log.ts'
import { windowMs } from '../storage/request-log.ts'
import type { Sql } from '../storage/sql.ts'
import { toNumber } from '../storage/sql.ts'
import { toBudgetWindow } from './budget-window.ts'
import type { BudgetUsage, RateUsage } from './decide.ts'
import type { CountedAmount } from './sliding-window.ts'

/** Returns the scopes of a request: the whole key, and each pattern that matches. */
export function toScopes({
  kind,
  names,
  limits,
}: Pick<Reservation, 'kind' | 'names' | 'limits'>): string[] {
  const patterns = kind === 'count_tokens' ? [] : Object.keys(limits.models ?? {})
  return ['', ...patterns.filter((pattern) => names.some((name) => matchesAny([pattern], name)))]
}

/** Measures every rate limit. */
export function measureRates(log: RequestLog, reservation: Reservation, now: number): RateUsage[] {
  const { kind, limits, isOwn } = reservation
  if (isOwn || kind === 'batch') {
    return []
  }
  const recent = [...log.recent()].filter((request) => request.kind === kind)
  if (kind === 'count_tokens') {
    const limit = limits.count_tokens_rpm ?? limits.rpm
    const counted = count(recent, now, () => 1)
    return limit === undefined
      ? []
      : [{ metric: 'requests', pattern: undefined, limit, wanted: 1, counted, held: 0 }]
  }
  return toScopes(reservation).flatMap((scope) => {
    const rates = scope === '' ? limits : limits.models?.[scope]
    const inScope = recent.filter(({ scopes }) => scopes.includes(scope))
    return rates === undefined ? [] : measureScope(inScope, { scope, rates, reservation, now })
  })
}

interface Scope {
  scope: string
  rates: Rates
  reservation: Reservation
  now: number
}

function measureScope(
  requests: readonly LoggedRequest[],
  { scope, rates: { rpm, itpm, otpm, concurrency }, reservation, now }: Scope,
): RateUsage[] {
  const { input, output } = reservation.estimate
  const open = requests.filter(({ state }) => state === 'open')
  const heldOutput = open.reduce((sum, request) => sum + request.output, 0)
  const admitted = (amountOf: (request: LoggedRequest) => number): CountedAmount[] =>
    count(requests, now, amountOf)
  const measures = [
    toRate('requests', rpm, 1, { counted: admitted(() => 1), held: 0 }),
    toRate('input', itpm, input, { counted: admitted((request) => request.input), held: 0 }),
    toRate('output', otpm, output, { counted: countWritten(requests, now), held: heldOutput }),
    toRate('concurrency', concurrency, 1, { counted: [], held: open.length }),
  ]
  const pattern = scope === '' ? undefined : scope
  return measures.flatMap((measure) => (measure === undefined ? [] : [{ ...measure, pattern }]))
}

function toRate(
  metric: Metric,
  limit: number | undefined,
  wanted: number,
  used: Pick<RateUsage, 'counted' | 'held'>,
): Omit<RateUsage, 'pattern'> | undefined {
  return limit === undefined ? undefined : { metric, limit, wanted, ...used }
}

/** Output is counted from the end of its request, when it is known. */
function countWritten(requests: readonly LoggedRequest[], now: number): CountedAmount[] {
  return requests
    .filter(({ state, ended }) => state !== 'open' && ended > now - windowMs)
    .map((request) => ({ at: request.ended, amount: request.output }))
}

/** Amounts that were admitted within the last minute, and not released. */
function count(
  requests: readonly LoggedRequest[],
  now: number,
  amountOf: (request: LoggedRequest) => number,
): CountedAmount[] {
  return requests
    .filter(({ state, at }) => state !== 'released' && at > now - windowMs)
    .map((request) => ({ at: request.at, amount: amountOf(request) }))
}

/** Measures the budgets of some scopes. */
export function measureBudgets(
  { sql, log, now }: { sql: Sql; log: RequestLog; now: number },
  limits: KeyLimits,
  scopes: readonly string[],
): BudgetUsage[] {
  const open = log.open()
  return scopes.flatMap((scope) => {
    const budgets = (scope === '' ? limits.budgets : limits.models?.[scope]?.budgets) ?? []
    return budgets.map((budget) => {
      const { firstDay, resetsAt } = toBudgetWindow(budget.period, now)
      return {
        period: budget.period,
        pattern: scope === '' ? undefined : scope,
        limit: toNano(toEffectiveUsd(budget, now)),
        spent: readSpent(sql, scope, firstDay),
        held: open
          .filter((request) => request.scopes.includes(scope))
          .reduce((sum, request) => sum + request.held, 0),
        resetsAt,
        hard: budget.hard === true,
      }
    })
  })
}

/** The amount of a budget, with a raise until its end. */
function toEffectiveUsd({ usd, raise }: Budget, now: number): number {
  return raise !== undefined && now < Date.parse(raise.until) ? raise.usd : usd
}

/** Reads the spend of a scope since `firstDay`; null: of all time. */
function readSpent({ all }: Sql, scope: string, firstDay: number | null): number {
  const [row] = all(
    'SELECT sum(cost) AS cost FROM spend_by_scope WHERE scope = ? AND day >= ?',
    scope,
    firstDay ?? -1,
  )
  // Credits of an operator do not raise a budget.
  return Math.max(0, toNumber(row?.['cost']))
}

/** Returns the scopes of a key's limits with budgets. */
export function toBudgetScopes({ models }: KeyLimits): string[] {
  return ['', ...Object.keys(models ?? {})]
}
