/** Whether a request fits under its limits. Pure: it reads how things stand, and changes nothing. */
import type { BudgetStanding, Estimate, Metric, NanoUsd, Refusal, Standing } from '../protocol.ts'
import type { Counted } from './sliding-window.ts'
import { emptyAt, freeAt, sumOf } from './sliding-window.ts'

/** A rate limit, and how much of it is used. */
export interface RateUsage {
  metric: Metric
  /** The model pattern that it is of; undefined for the key as a whole. */
  pattern: string | undefined
  limit: number
  /** What this request asks of it. */
  wanted: number
  /** What counts within the last minute. */
  counted: readonly Counted[]
  /** What requests in flight hold until they end. */
  held: number
}

/** How a budget stands, and whether it is a hard one. */
export interface BudgetUsage extends BudgetStanding {
  hard: boolean
}

export interface Demand {
  rates: readonly RateUsage[]
  budgets: readonly BudgetUsage[]
  estimate: Estimate
  /** Tokens. */
  expectedOutput: number
  /** The soonest at which requests in flight can be expected to end, from now. */
  heldRetryMs: number
  now: number
}

/** The least that an answer is expected to write, in tokens; within `max_tokens`. */
const leastExpectedOutput = 1000

/** `usual`: what this model wrote lately for this key; undefined where it never did. */
export function toExpectedOutput(usual: number | undefined, maxTokens: number): number {
  return Math.min(maxTokens, Math.max(leastExpectedOutput, Math.ceil(usual ?? 0)))
}

/**
 * Why a request may not go on; undefined where it may. A time to wait is the longest of all that are
 * known, so that it is never known to be too short.
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
 * Requests and concurrency never pass their limit. A prompt that alone is larger than the limit is
 * admitted when nothing else counts: it could never be otherwise. How much will be written nobody knows,
 * and `max_tokens` is mostly far from it, so output is admitted until the limit is reached: it is
 * passed by one request at most.
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

/** What neither is spent nor held. */
function leftOf({ limit, spent, held }: BudgetStanding): NanoUsd {
  return limit - spent - held
}

/** The one that resets last: until then the request is refused. */
function latest(budgets: readonly BudgetUsage[]): BudgetUsage | undefined {
  const end = ({ resetsAt }: BudgetUsage): number => resetsAt ?? Number.POSITIVE_INFINITY
  return budgets.toSorted((a, b) => (end(a) === end(b) ? 0 : end(b) - end(a)))[0]
}

/**
 * What an admitted request holds of its budgets: all that it may cost where one of them is hard; else
 * what it is expected to cost, and no more than is left.
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

/** The tightest limit of each metric; `admitted`: with this request in it. */
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

/** Without what only deciding needs. */
export function toStanding(budget: BudgetUsage): BudgetStanding {
  const { period, pattern, limit, spent, held, resetsAt } = budget
  return { period, pattern, limit, spent, held, resetsAt }
}
