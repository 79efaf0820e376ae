/** What a client is told of its limits and budgets. Times are RFC 3339 or, where Anthropic has it so, Unix seconds. */
import type { BudgetStanding, Metric, Standing, LedgerDecision } from './protocol.ts'

const names: Record<Exclude<Metric, 'concurrency'>, string> = {
  requests: 'requests',
  input: 'input-tokens',
  output: 'output-tokens',
}

/** Budgets are mentioned past these, as the gateway protocol of Claude Code has it. */
const thresholds = [0.95, 0.75]

const periodNames = { day: 'daily', week: 'weekly', month: 'monthly', total: 'total' } as const

/** `anthropic-ratelimit-*` for every limit of the key, and `-unified-*` where a budget is nearly used up. */
export function toLimitHeaders({ rates, budget, refusal }: LedgerDecision): Record<string, string> {
  const tokens = rates
    .filter(({ metric }) => metric === 'input' || metric === 'output')
    .toSorted((a, b) => a.remaining - b.remaining)[0]
  return Object.fromEntries([
    ...rates.flatMap((standing) =>
      standing.metric === 'concurrency' ? [] : toEntries(names[standing.metric], standing),
    ),
    ...(tokens === undefined ? [] : toEntries('tokens', tokens)),
    ...(budget === undefined ? [] : toBudgetEntries(budget, refusal?.kind === 'budget')),
  ])
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
 * As Claude Code's own gateway says it, so that its users are warned: a cap of the operator's counts as
 * "overage" there (https://code.claude.com/docs/en/llm-gateway-protocol).
 */
function toBudgetEntries(
  { utilization, resetsAt, period }: BudgetStanding,
  reached: boolean,
): [string, string][] {
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

/** Whole seconds, rounded up: what resets then has reset by then. */
function toTimestamp(at: number): string {
  return new Date(Math.ceil(at / 1000) * 1000).toISOString().replace('.000Z', 'Z')
}
