import { describe, expect, test } from 'vitest'

import { toLimitHeaders } from '../../src/ledger/limit-headers.ts'
import type { HeldBudget, Standing } from '../../src/ledger/protocol.ts'

const usd = 1_000_000_000
const at = Date.UTC(2026, 10, 28, 12, 0, 0)

const budget = (more: Partial<HeldBudget> = {}): HeldBudget => ({
  period: 'day',
  pattern: undefined,
  limit: 20 * usd,
  spent: 3.25 * usd,
  held: 1 * usd,
  resetsAt: at,
  holder: 'API key',
  ...more,
})
const rate = (metric: Standing['metric'], remaining: number): Standing => ({
  metric,
  limit: 100,
  remaining,
  resetsAt: at + 1,
})
/** Of a request that another limit refused, so that there is no notice of a budget. */
const headersOf = (
  rates: readonly Standing[],
  budgets: readonly HeldBudget[],
): Record<string, string> => toLimitHeaders({ rates, budgets, expectedOutput: 0 }, 'refused')

test('a key without limits has no headers', () => {
  expect(headersOf([], [])).toEqual({})
})

test('every rate has its limit, what remains of it, and when it resets, rounded up', () => {
  expect(headersOf([rate('requests', 7), rate('concurrency', 1)], [])).toEqual({
    'anthropic-ratelimit-requests-limit': '100',
    'anthropic-ratelimit-requests-remaining': '7',
    'anthropic-ratelimit-requests-reset': '2026-11-28T12:00:01Z',
  })
})

test('`tokens` is the limit of tokens of which the least remains', () => {
  const headers = headersOf([rate('requests', 1), rate('output', 9), rate('input', 5)], [])
  expect(headers['anthropic-ratelimit-tokens-remaining']).toBe('5')
  expect(headers['anthropic-ratelimit-input-tokens-remaining']).toBe('5')
  expect(headers['anthropic-ratelimit-output-tokens-remaining']).toBe('9')
})

describe('the header of budgets', () => {
  test('the header of budgets lists what is spent, and what is neither spent nor held', () => {
    const budgets = [
      budget(),
      budget({ period: 'total', pattern: 'claude-"é-*', resetsAt: null, holder: 'group' }),
    ]
    expect(headersOf([], budgets)['gateway-budget']).toBe(
      'day;limit=20.000;spent=3.250;left=15.750;reset=1795867200, ' +
        'total;model="claude-??-*";limit=20.000;spent=3.250;left=15.750;group',
    )
  })

  test('the header of budgets has nothing left, and not less, of a budget that is exceeded', () => {
    const [item] = [budget({ spent: 25 * usd })]
    expect(headersOf([], [item])['gateway-budget']).toContain('left=0.000;')
  })

  test('the header of budgets rounds the reset up to a second', () => {
    const [item] = [budget({ resetsAt: at + 1 })]
    expect(headersOf([], [item])['gateway-budget']).toContain('reset=1795867201')
  })
})

test.each(['admitted', 'budget', 'refused'] as const)(
  'notices of a budget are for requests that no other limit refused: %s',
  (decided) => {
    const headers = toLimitHeaders({ rates: [], budgets: [budget()], expectedOutput: 0 }, decided)
    const hasNotice = Object.keys(headers).some((name) => name.includes('-unified-'))
    expect(hasNotice).toBe(decided !== 'refused')
  },
)
