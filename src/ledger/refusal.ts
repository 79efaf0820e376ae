/** Converts a ledger's refusal to a failure, with messages that clients print unchanged. */
import type { Failure } from '../anthropic/error.ts'
import type { Period } from '../keys/limits.ts'
import { toLimitHeaders } from './limit-headers.ts'
import { mergeDecisions } from './merge-decisions.ts'
import { describeUsd } from './money.ts'
import type { BudgetStanding, LedgerDecision, LimitHolder, Metric, Refusal } from './protocol.ts'

const metricNames: Record<Metric, string> = {
  requests: 'requests per minute',
  input: 'input tokens per minute',
  output: 'output tokens per minute',
  concurrency: 'concurrent requests',
}

const periodNames: Record<Period, string> = {
  day: 'a day',
  week: 'a week',
  month: 'a month',
  total: 'in total',
}

/** Returns the failure for a refusal. */
export function toFailure(
  refusal: Refusal,
  decision: LedgerDecision,
  holder: LimitHolder,
): Failure {
  const standing = mergeDecisions([{ decision, holder }])
  const headers =
    standing === undefined
      ? {}
      : toLimitHeaders(standing, refusal.kind === 'budget' ? 'budget' : 'refused')
  switch (refusal.kind) {
    case 'revoked':
      return holder === 'group'
        ? { kind: 'not_permitted', message: 'The group of this API key is not active.' }
        : { kind: 'invalid_key' }
    case 'rate': {
      const { metric, limit, pattern, retryAfterMs } = refusal
      const retryAfter = toSeconds(retryAfterMs)
      const scope = pattern === undefined ? '' : ` of ${pattern}`
      const message = `This request would exceed the limit of your ${holder}: ${limit} ${metricNames[metric]}${scope}. Please retry in ${retryAfter} s.`
      return { kind: 'limit_reached', message, retryAfter, headers }
    }
    case 'budget': {
      const { budget, retryAfterMs } = refusal
      const message = `Your ${holder} has reached its budget of ${describeBudget(budget)}. ${describeReset(budget)}`
      const wait = retryAfterMs === undefined ? {} : { retryAfter: toSeconds(retryAfterMs) }
      return { kind: 'budget_reached', message, ...wait, headers }
    }
    case 'budget_held': {
      const { budget, retryAfterMs } = refusal
      const retryAfter = toSeconds(retryAfterMs)
      const message = `Requests in flight have reserved the rest of your ${holder}'s budget of ${describeBudget(budget)}. Please retry in ${retryAfter} s.`
      return { kind: 'limit_reached', message, retryAfter, headers }
    }
    case 'over_hard_budget': {
      const { budget, cost } = refusal
      const remaining = describeUsd(Math.max(0, budget.limit - budget.spent))
      const message = `max_tokens: this request may cost up to ${describeUsd(cost)}, and ${remaining} is left of the hard budget of your ${holder}, ${describeBudget(budget)}. Lower max_tokens. ${describeReset(budget)}`
      return { kind: 'invalid_request', message, path: 'max_tokens' }
    }
  }
}

function toSeconds(ms: number): number {
  return Math.ceil(ms / 1000)
}

/** Describes a budget: `$5.00 a day`, `$5.00 a day for claude-opus-*`. */
export function describeBudget({ limit, period, pattern }: BudgetStanding): string {
  const scope = pattern === undefined ? '' : ` for ${pattern}`
  return `${describeUsd(limit)} ${periodNames[period]}${scope}`
}

/** When a budget resets, as a sentence. */
export function describeReset({ resetsAt }: BudgetStanding): string {
  return resetsAt === null
    ? 'It does not reset; the operator of this gateway can raise it.'
    : `It resets at ${new Date(resetsAt).toISOString().slice(0, 16).replace('T', ' ')} UTC.`
}
