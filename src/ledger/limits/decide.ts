/** Decides whether a request is within its limits. Pure. */
import type { BudgetStanding, Estimate, Metric, NanoUsd, Refusal, Standing } from '../protocol.ts'
import type { CountedAmount } from './sliding-window.ts'
import { emptyAt, freeAt, sumOf } from './sliding-window.ts'

/** A rate limit and its usage. */
export interface RateUsage {
  metric: Metric
  /** The limit's model pattern; undefined for all models. */
  pattern: string | undefined
  limit: number
  /** The amount that this request needs. */
  wanted: number
  /** The amounts that count within the last minute. */
  counted: readonly CountedAmount[]
  /** The amount that requests in flight reserve until they end. */
  held: number
}

/** A budget with its usage, and whether it is hard. */
export interface BudgetUsage extends BudgetStanding {
  hard: boolean
}

/**
 * What a decision depends on: usage within each limit, and the estimate of the request. `now` is in epoch
 * milliseconds.
 */
export interface Demand {
  rates: readonly RateUsage[]
  budgets: readonly BudgetUsage[]
  estimate: Estimate
  /** The expected output in tokens. */
  expectedOutput: number
  /** The earliest expected end of requests in flight, in milliseconds from now. */
  heldRetryMs: number
  now: number
}

/** The minimal expected output in tokens, unless `max_tokens` is less. */
const leastExpectedOutput = 1000

/**
 * Returns the expected output in tokens; `usual` is the model's recent average for this key,
 * undefined if there is none.
 */
export function toExpectedOutput(usual: number | undefined, maxTokens: number): number {
  return Math.min(maxTokens, Math.max(leastExpectedOutput, Math.ceil(usual ?? 0)))
}

/**
 * Returns why a request is rejected; undefined if it is admitted. The retry time is the longest of
 * all that are known.
 */
export function refuse(demand: Demand): Refusal | undefined {
  const rate = refuseRate(demand)
  const budget = refuseBudget(demand, rate?.retryAfterMs ?? 0)
  return budget ?? rate
}

function refuseRate({ rates, heldRetryMs, now }: Demand): (Refusal & { kind: 'rate' }) | undefined {
  const refusals = rates
    .filter((usage) => !fits(usage))
    .map((usage) => ({
      kind: 'rate' as const,
      metric: usage.metric,
      limit: usage.limit,
      pattern: usage.pattern,
      retryAfterMs: waitFor(usage, heldRetryMs, now),
    }))
  return refusals.toSorted((a, b) => b.retryAfterMs - a.retryAfterMs)[0]
}

/**
 * Whether a request is within a rate limit. Requests and concurrency never exceed theirs. A prompt
 * that exceeds the limit by itself is admitted when nothing else is counted, since it could never
 * be otherwise. Output is unknown in advance, and usually far below `max_tokens`, so that it is
 * admitted until the limit is reached, and exceeds it by at most one request.
 */
function fits({ metric, limit, wanted, counted, held }: RateUsage): boolean {
  const used = sumOf(counted) + held
  switch (metric) {
    case 'requests':
    case 'concurrency':
      return used + wanted <= limit
    case 'input':
      return used === 0 || used + wanted <= limit
    case 'output':
      return used < limit
  }
}

function waitFor(
  { metric, limit, wanted, counted, held }: RateUsage,
  heldRetryMs: number,
  now: number,
): number {
  const room = metric === 'output' ? limit - 1 - held : limit - Math.min(wanted, limit) - held
  const at = room < 0 ? now : freeAt(counted, room, now)
  return at > now ? at - now : heldRetryMs
}

function refuseBudget(
  { budgets, estimate, heldRetryMs, now, ...demand }: Demand,
  leastWaitMs: number,
): Refusal | undefined {
  const reached = latest(budgets.filter(({ spent, limit }) => spent >= limit))
  if (reached !== undefined) {
    const { resetsAt } = reached
    const retryAfterMs = resetsAt === null ? undefined : Math.max(resetsAt - now, leastWaitMs)
    return { kind: 'budget', budget: toStanding(reached), retryAfterMs }
  }
  const cost = estimate.inputCost + estimate.outputCost
  const over = latest(budgets.filter(({ hard, spent, limit }) => hard && spent + cost > limit))
  if (over !== undefined) {
    return { kind: 'over_hard_budget', budget: toStanding(over), cost }
  }
  const wanted = toExpectedCost(estimate, demand.expectedOutput)
  const held = budgets.find((budget) =>
    budget.hard ? cost > leftOf(budget) : wanted > 0 && leftOf(budget) <= 0,
  )
  const retryAfterMs = Math.max(heldRetryMs, leastWaitMs)
  return held && { kind: 'budget_held', budget: toStanding(held), retryAfterMs }
}

/** The amount that is neither spent nor reserved. */
function leftOf({ limit, spent, held }: BudgetStanding): NanoUsd {
  return limit - spent - held
}

/** The budget that resets last, until which the request is rejected. */
function latest(budgets: readonly BudgetUsage[]): BudgetUsage | undefined {
  const end = ({ resetsAt }: BudgetUsage): number => resetsAt ?? Number.POSITIVE_INFINITY
  return budgets.toSorted((a, b) => (end(a) === end(b) ? 0 : end(b) - end(a)))[0]
}

/**
 * The amount that an admitted request reserves of its budgets: its maximal cost if one of them is
 * hard; otherwise its expected cost, and no more than is left.
 */
export function toHeldCost({ budgets, estimate, expectedOutput }: Demand): NanoUsd {
  if (budgets.length === 0) {
    return 0
  }
  return budgets.some(({ hard }) => hard)
    ? estimate.inputCost + estimate.outputCost
    : Math.min(toExpectedCost(estimate, expectedOutput), ...budgets.map(leftOf))
}

function toExpectedCost({ inputCost, outputCost, output }: Estimate, expected: number): NanoUsd {
  return inputCost + (output === 0 ? 0 : Math.ceil((outputCost * expected) / output))
}

/** Returns the tightest limit of each metric; `admitted`: with this request included. */
export function toStandings(
  rates: readonly RateUsage[],
  admitted: boolean,
  now: number,
): Standing[] {
  const tightest = new Map<Metric, Standing>()
  for (const { metric, limit, wanted, counted, held } of rates) {
    const used = sumOf(counted) + held + (admitted ? wanted : 0)
    const remaining = Math.max(0, limit - used)
    const known = tightest.get(metric)
    if (known === undefined || remaining < known.remaining) {
      const current = admitted ? [...counted, { at: now, amount: wanted }] : counted
      tightest.set(metric, { metric, limit, remaining, resetsAt: emptyAt(current, now) })
    }
  }
  return [...tightest.values()]
}

/** Returns the standing of a budget without fields that only decisions need. */
export function toStanding(budget: BudgetUsage): BudgetStanding {
  const { period, pattern, limit, spent, held, resetsAt } = budget
  return { period, pattern, limit, spent, held, resetsAt }
}
