/**
 * The response headers for limits and budgets. Times are RFC 3339 or, as in Anthropic's, Unix
 * seconds.
 */
import { describeNano } from './money.ts'
import type { HeldBudget, LimitStanding, Metric, Standing } from './protocol.ts'
import { toAllowedNotice, toRejectedNotice } from './usage-notices.ts'

const names: Record<Exclude<Metric, 'concurrency'>, string> = {
  requests: 'requests',
  input: 'input-tokens',
  output: 'output-tokens',
}

/** What became of the request; a refusal is `budget` where a budget is reached. */
export type AdmissionOutcome = 'admitted' | 'refused' | 'budget'

/**
 * `anthropic-ratelimit-*` for every limit of the key, `gateway-budget` for every budget, and
 * `anthropic-ratelimit-unified-*` where there is one, unless another limit refused the request.
 */
export function toLimitHeaders(
  { rates, budgets }: LimitStanding,
  decided: AdmissionOutcome,
): Record<string, string> {
  const tokens = rates
    .filter(({ metric }) => metric === 'input' || metric === 'output')
    .toSorted((a, b) => a.remaining - b.remaining)[0]
  return Object.fromEntries([
    ...rates.flatMap((standing) =>
      standing.metric === 'concurrency' ? [] : toEntries(names[standing.metric], standing),
    ),
    ...(tokens === undefined ? [] : toEntries('tokens', tokens)),
    ...(budgets.length === 0 ? [] : [['gateway-budget', budgets.map(toItem).join(', ')] as const]),
    ...Object.entries(toNotice(budgets, decided)),
  ])
}

function toNotice(
  budgets: readonly HeldBudget[],
  decided: AdmissionOutcome,
): Record<string, string> {
  switch (decided) {
    case 'admitted':
      return toAllowedNotice(budgets)
    case 'budget':
      return toRejectedNotice(budgets)
    case 'refused':
      return {}
  }
}

/**
 * One item of an RFC 9651 list: `day;limit=20.0;spent=3.25;left=16.75;reset=1764115200`. Dollars, and
 * Unix seconds; `left` is what is neither spent nor held by requests in flight. `group`: it is the budget of
 * the key's group.
 */
function toItem({ period, pattern, limit, spent, held, resetsAt, holder }: HeldBudget): string {
  const remaining = Math.max(0, limit - spent - held)
  const fields = [
    period,
    ...(pattern === undefined ? [] : [`model="${pattern.replace(/[^ -~]|["\\]/g, '?')}"`]),
    `limit=${describeNano(limit)}`,
    `spent=${describeNano(spent)}`,
    `left=${describeNano(remaining)}`,
    ...(resetsAt === null ? [] : [`reset=${Math.ceil(resetsAt / 1000)}`]),
    ...(holder === 'group' ? ['group'] : []),
  ]
  return fields.join(';')
}

function toEntries(name: string, { limit, remaining, resetsAt }: Standing): [string, string][] {
  const prefix = `anthropic-ratelimit-${name}`
  return [
    [`${prefix}-limit`, String(limit)],
    [`${prefix}-remaining`, String(remaining)],
    [`${prefix}-reset`, toTimestamp(resetsAt)],
  ]
}

/** Formats a time in whole seconds, rounded up, so that the reset is not later. */
function toTimestamp(at: number): string {
  return new Date(Math.ceil(at / 1000) * 1000).toISOString().replace('.000Z', 'Z')
}
