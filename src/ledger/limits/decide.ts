/** Whether a request fits under a key's limits. Pure: it is told how things stand, and changes nothing. */
import type { Period } from '../../keys/limits.ts'
import type { BudgetStanding, Metric, NanoUsd, Refusal, Standing } from '../protocol.ts'
import type { Slot } from './sliding-window.ts'
import { emptyAt, freeAt, sumOf } from './sliding-window.ts'

/** A limit, and how much of it is used. */
export interface Measure {
  metric: Metric
  /** The model pattern that it is of; absent for the key as a whole. */
  pattern?: string
  limit: number
  /** What this request asks of it. */
  wanted: number
  /** What counts for a minute. */
  slots: readonly Slot[]
  /** What requests under way hold, until they end. */
  held: number
}

export interface BudgetMeasure {
  period: Period
  limit: NanoUsd
  /** Settled and reserved. */
  used: NanoUsd
  resetsAt: number | null
}

/** Where only the end of other requests can help: soon, but nobody knows when. */
const heldRetryMs = 2000

/** The refusal that takes longest to pass; undefined where everything fits. */
export function refuseRate(measures: readonly Measure[], now: number): Refusal | undefined {
  let longest: (Refusal & { kind: 'rate' }) | undefined
  for (const measure of measures) {
    if (fits(measure)) {
      continue
    }
    const { metric, limit, pattern } = measure
    const retryAfterMs = waitFor(measure, now)
    if (longest === undefined || retryAfterMs > longest.retryAfterMs) {
      const which = pattern === undefined ? {} : { pattern }
      longest = { kind: 'rate', metric, limit, ...which, retryAfterMs }
    }
  }
  return longest
}

/**
 * Requests and concurrency never pass their limit. A prompt that alone is larger than the limit goes
 * when nothing else does: it could never go otherwise. How much will be written nobody knows, and
 * `max_tokens` is mostly far from it, so output is let by until the limit is reached: over it by one
 * request at most.
 */
function fits({ metric, limit, wanted, slots, held }: Measure): boolean {
  const used = sumOf(slots) + held
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

function waitFor({ metric, limit, wanted, slots, held }: Measure, now: number): number {
  const room = metric === 'output' ? limit - 1 - held : limit - Math.min(wanted, limit) - held
  const at = room < 0 ? now : freeAt(slots, room, now)
  return at > now ? at - now : heldRetryMs
}

/** A budget is let by until it is reached: over it by one reservation at most. */
export function refuseBudget(budgets: readonly BudgetMeasure[]): Refusal | undefined {
  const reached = budgets.filter(({ used, limit }) => used >= limit)
  const [last] = reached.toSorted(
    (a, b) => (b.resetsAt ?? Number.POSITIVE_INFINITY) - (a.resetsAt ?? Number.POSITIVE_INFINITY),
  )
  return last && { kind: 'budget', period: last.period, limit: last.limit, resetsAt: last.resetsAt }
}

/** The tightest limit of each metric; `admitted`: with this request in it. */
export function toStandings(
  measures: readonly Measure[],
  admitted: boolean,
  now: number,
): Standing[] {
  const tightest = new Map<Metric, Standing>()
  for (const { metric, limit, wanted, slots, held } of measures) {
    const used = sumOf(slots) + held + (admitted ? wanted : 0)
    const remaining = Math.max(0, limit - used)
    const known = tightest.get(metric)
    if (known === undefined || remaining < known.remaining) {
      const current = admitted ? [...slots, { second: now / 1000, amount: wanted }] : slots
      tightest.set(metric, { metric, limit, remaining, resetsAt: emptyAt(current, now) })
    }
  }
  return [...tightest.values()]
}

/** The budget that is nearest to its end. */
export function toBudgetStanding(budgets: readonly BudgetMeasure[]): BudgetStanding | undefined {
  const standings = budgets.map(({ period, limit, used, resetsAt }) => ({
    period,
    utilization: used / limit,
    resetsAt,
  }))
  return standings.toSorted((a, b) => b.utilization - a.utilization)[0]
}
