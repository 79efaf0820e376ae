import { describe, expect, test } from 'vitest'

import type { BudgetStanding, LedgerDecision, Refusal } from '../../src/ledger/protocol.ts'
import { toFailure } from '../../src/ledger/refusal.ts'

const usd = 1_000_000_000
const budget: BudgetStanding = {
  period: 'day',
  pattern: undefined,
  limit: 5 * usd,
  spent: 5 * usd,
  held: 0,
  resetsAt: Date.UTC(2026, 10, 29),
}
const decision = (refusal: Refusal): LedgerDecision => ({
  refusal,
  rates: [],
  budgets: 'budget' in refusal ? [refusal.budget] : [],
  expectedOutput: 0,
})
const failureOf = (refusal: Refusal, holder: 'API key' | 'group' = 'API key') =>
  toFailure(refusal, decision(refusal), holder)

test('a revoked key is an invalid key; a revoked group is not the key’s fault', () => {
  expect(failureOf({ kind: 'revoked' })).toEqual({ kind: 'invalid_key' })
  expect(failureOf({ kind: 'revoked' }, 'group')).toEqual({
    kind: 'not_permitted',
    message: 'The group of this API key is not active.',
  })
})

describe('a rate that is reached', () => {
  test.each([
    ['requests', 'requests per minute'],
    ['input', 'input tokens per minute'],
    ['output', 'output tokens per minute'],
    ['concurrency', 'concurrent requests'],
  ] as const)('a rate limit of %s that is reached is named as %s', (metric, words) => {
    const refusal = {
      kind: 'rate',
      metric,
      limit: 9,
      pattern: undefined,
      retryAfterMs: 1001,
    } as const
    expect(failureOf(refusal)).toEqual({
      kind: 'limit_reached',
      message: `This request would exceed the limit of your API key: 9 ${words}. Please retry in 2 s.`,
      retryAfter: 2,
      headers: {},
    })
  })

  test('a rate limit that is reached names the models that it is for', () => {
    const refusal = {
      kind: 'rate',
      metric: 'input',
      limit: 9,
      pattern: 'a-*',
      retryAfterMs: 1,
    } as const
    expect(failureOf(refusal, 'group')).toMatchObject({
      message:
        'This request would exceed the limit of your group: 9 input tokens per minute of a-*. Please retry in 1 s.',
    })
  })
})

describe('a budget that is used up', () => {
  test('a budget that is used up is named with its period and its reset', () => {
    const failure = failureOf({ kind: 'budget', budget, retryAfterMs: 2500 })
    expect(failure).toMatchObject({
      kind: 'budget_reached',
      message:
        'Your API key has reached its budget of $5.00 a day. It resets at 2026-11-29 00:00 UTC.',
      retryAfter: 3,
      headers: { 'anthropic-ratelimit-unified-status': 'rejected' },
    })
  })

  test.each([
    ['week', '$5.00 a week'],
    ['month', '$5.00 a month'],
    ['total', '$5.00 in total'],
  ] as const)('a used-up budget of a %s is %s', (period, words) => {
    const failure = failureOf({ kind: 'budget', budget: { ...budget, period }, retryAfterMs: 1 })
    expect('message' in failure && failure.message).toContain(`budget of ${words}. `)
  })

  test('a budget that is used up has no time to wait if it never resets', () => {
    const refusal = {
      kind: 'budget',
      budget: { ...budget, pattern: 'claude-*', resetsAt: null },
      retryAfterMs: undefined,
    } as const
    const failure = failureOf(refusal, 'group')
    expect(failure).not.toHaveProperty('retryAfter')
    expect(failure).toMatchObject({
      message:
        'Your group has reached its budget of $5.00 a day for claude-*. It does not reset; the operator of this gateway can raise it.',
    })
  })
})

test('a budget that requests in flight hold is a reason to wait, and no warning of a used-up one', () => {
  const refusal = {
    kind: 'budget_held',
    budget: { ...budget, spent: usd },
    retryAfterMs: 900,
  } as const
  const failure = failureOf(refusal)
  expect(failure).toMatchObject({
    kind: 'limit_reached',
    message:
      "Requests in flight have reserved the rest of your API key's budget of $5.00 a day. Please retry in 1 s.",
    retryAfter: 1,
  })
  expect('headers' in failure && failure.headers).not.toHaveProperty(
    'anthropic-ratelimit-unified-status',
  )
})

test.each([
  [2, '$3.00'],
  [7, '$0.00'],
])('a hard budget of which $%s are spent has %s left for max_tokens', (spent, left) => {
  const refusal = {
    kind: 'over_hard_budget',
    budget: { ...budget, spent: spent * usd },
    cost: 4 * usd,
  } as const
  expect(failureOf(refusal)).toEqual({
    kind: 'invalid_request',
    path: 'max_tokens',
    message: `max_tokens: this request may cost up to $4.00, and ${left} is left of the hard budget of your API key, $5.00 a day. Lower max_tokens. It resets at 2026-11-29 00:00 UTC.`,
  })
})
