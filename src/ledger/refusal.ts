/** A refusal of the ledger as a failure, in sentences that clients print as they are. */
import type { Failure } from '../anthropic/error.ts'
import type { Period } from '../keys/limits.ts'
import { toLimitHeaders } from './limit-headers.ts'
import { describeUsd } from './money.ts'
import type { Metric, Refusal, LedgerDecision } from './protocol.ts'

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

/** The failure of a verdict that refuses; `now` in epoch milliseconds. */
export function toFailure(refusal: Refusal, verdict: LedgerDecision, now: number): Failure {
  const headers = toLimitHeaders(verdict)
  switch (refusal.kind) {
    case 'revoked':
      return { kind: 'invalid_key' }
    case 'rate': {
      const { metric, limit, pattern, retryAfterMs } = refusal
      const retryAfter = Math.ceil(retryAfterMs / 1000)
      const scope = pattern === undefined ? '' : ` of ${pattern}`
      const message = `This request would exceed the limit of your API key: ${limit} ${metricNames[metric]}${scope}. Please retry in ${retryAfter} s.`
      return { kind: 'limit_reached', message, retryAfter, headers }
    }
    case 'budget': {
      const { limit, period, resetsAt } = refusal
      const reset =
        resetsAt === null
          ? 'It does not reset; the operator of this gateway can raise it.'
          : `It resets at ${toMinute(resetsAt)} UTC.`
      const message = `Your API key has reached its budget of ${describeUsd(limit)} ${periodNames[period]}. ${reset}`
      const seconds = resetsAt === null ? {} : { retryAfter: Math.ceil((resetsAt - now) / 1000) }
      return { kind: 'budget_reached', message, ...seconds, headers }
    }
  }
}

/** `2026-11-26 00:00` */
function toMinute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}
