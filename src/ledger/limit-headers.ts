/**
 * The response headers for limits and budgets. Times are RFC 3339 or, as in Anthropic's, Unix
 * seconds.
 */
import { describeNano } from './money.ts'
import type { BudgetStanding, HeldBudget, LimitStanding, Metric, Standing } from './protocol.ts'

const names: Record<Exclude<Metric, 'concurrency'>, string> = {
  requests: 'requests',
  input: 'input-tokens',
  output: 'output-tokens',
}

/** The utilization above which a budget is reported to Claude Code, by its gateway protocol. */
const thresholds = [0.95, 0.75]

const periodNames = { day: 'daily', week: 'weekly', month: 'monthly', total: 'total' } as const

/**
 * `anthropic-ratelimit-*` for every limit of the key, `gateway-budget` for every budget, and
 * `anthropic-ratelimit-unified-*` where one is nearly used up. `isReached`: a budget refused the request.
 */
export function toLimitHeaders(
  { rates, budgets }: LimitStanding,
  isReached: boolean,
): Record<string, string> {
  const tokens = rates
    .filter(({ metric }) => metric === 'input' || metric === 'output')
    .toSorted((a, b) => a.remaining - b.remaining)[0]
  const nearest = budgets.toSorted((a, b) => toUtilization(b) - toUtilization(a))[0]
  return Object.fromEntries([
    ...rates.flatMap((standing) =>
      standing.metric === 'concurrency' ? [] : toEntries(names[standing.metric], standing),
    ),
    ...(tokens === undefined ? [] : toEntries('tokens', tokens)),
    ...(budgets.length === 0 ? [] : [['gateway-budget', budgets.map(toItem).join(', ')] as const]),
    ...(nearest === undefined ? [] : toBudgetEntries(nearest, isReached)),
  ])
}

/**
 * One item of an RFC 9651 list: `day;limit=20.0;spent=3.25;left=16.75;reset=1764115200`. Dollars, and
 * Unix seconds; `left` is what is neither spent nor held by requests in flight. `group`: it is the budget of
 * the key's group.
 */
function toItem({ period, pattern, limit, spent, held, resetsAt, holder }: HeldBudget): string {
  const left = Math.max(0, limit - spent - held)
  const fields = [
    period,
    ...(pattern === undefined ? [] : [`model="${pattern.replace(/[^ -~]|["\\]/g, '?')}"`]),
    `limit=${describeNano(limit)}`,
    `spent=${describeNano(spent)}`,
    `left=${describeNano(left)}`,
    ...(resetsAt === null ? [] : [`reset=${Math.ceil(resetsAt / 1000)}`]),
    ...(holder === 'group' ? ['group'] : []),
  ]
  return fields.join(';')
}

/** The utilization by settled spend, since reserved amounts may be released. */
function toUtilization({ limit, spent }: BudgetStanding): number {
  return spent / limit
}

function toEntries(name: string, { limit, remaining, resetsAt }: Standing): [string, string][] {
  const prefix = `anthropic-ratelimit-${name}`
  return [
    [`${prefix}-limit`, String(limit)],
    [`${prefix}-remaining`, String(remaining)],
    [`${prefix}-reset`, toTimestamp(resetsAt)],
  ]
}

/**
 * The headers by which Claude Code warns its users: an operator's budget is "overage" in its
 * gateway protocol (https://code.claude.com/docs/en/llm-gateway-protocol).
 */
function toBudgetEntries(budget: BudgetStanding, reached: boolean): [string, string][] {
  const { resetsAt, period } = budget
  const utilization = toUtilization(budget)
  const passed = reached ? 1 : thresholds.find((threshold) => utilization > threshold)
  if (passed === undefined) {
    return []
  }
  const status = reached ? 'rejected' : 'allowed_warning'
  const reset = resetsAt === null ? undefined : String(Math.floor(resetsAt / 1000))
  const entries: [string, string | undefined][] = [
    ['status', status],
    ['reset', reset],
    ['representative-claim', 'overage'],
    ['overage-status', status],
    ['overage-reset', reset],
    ['overage-period', periodNames[period]],
    ['overage-utilization', utilization.toFixed(4)],
    ['overage-surpassed-threshold', String(passed)],
    ['overage-disabled-reason', reached ? 'org_spend_cap_reached' : undefined],
  ]
  return entries.flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[`anthropic-ratelimit-unified-${name}`, value]],
  )
}

/** Formats a time in whole seconds, rounded up, so that the reset is not later. */
function toTimestamp(at: number): string {
  return new Date(Math.ceil(at / 1000) * 1000).toISOString().replace('.000Z', 'Z')
}
