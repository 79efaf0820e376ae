import { describe, expect, test } from 'vitest'

import type { KeyLimits } from '../../src/keys/limits.ts'
import { allowsWithoutLedger, hasBudget, keyLimits, needsLedger } from '../../src/keys/limits.ts'

const budgets: KeyLimits['budgets'] = [{ usd: 5, period: 'day' }]

describe('requests need the ledger’s admission', () => {
  test.each<[string, KeyLimits]>([
    ['requests per minute', { rpm: 1 }],
    ['input tokens', { itpm: 1 }],
    ['output tokens', { otpm: 1 }],
    ['concurrent requests', { concurrency: 1 }],
    ['counted tokens', { count_tokens_rpm: 1 }],
    ['a budget', { budgets }],
    ['a budget of a model', { models: { 'a-*': { budgets } } }],
    ['a rate of a model', { models: { b: {}, 'a-*': { rpm: 1 } } }],
    ['immediate revocation', { strict: true }],
  ])('requests need the ledger’s admission with %s', (_, limits) => {
    expect(needsLedger(limits)).toBe(true)
  })

  test.each<[string, KeyLimits]>([
    ['no limits', {}],
    ['an empty list of budgets', { budgets: [] }],
    ['models without limits', { models: { a: {} } }],
    ['what happens without a ledger', { on_ledger_failure: 'deny', strict: false }],
  ])('requests need no admission by the ledger with %s', (_, limits) => {
    expect(needsLedger(limits)).toBe(false)
  })
})

test('a key has a budget if it has one for all models or for some', () => {
  expect(hasBudget({ budgets })).toBe(true)
  expect(hasBudget({ models: { a: { rpm: 1 }, b: { budgets } } })).toBe(true)
  expect(hasBudget({ rpm: 1, models: { a: { rpm: 1 } } })).toBe(false)
})

describe('while the ledger is unavailable', () => {
  test.each<[string, KeyLimits, boolean]>([
    ['rates are not enforced', { rpm: 1 }, true],
    ['budgets refuse every request', { budgets }, false],
    ['strict keys are refused', { strict: true }, false],
    [
      'rates are enforced by refusing, where the key sets it',
      { rpm: 1, on_ledger_failure: 'deny' },
      false,
    ],
    ['budgets allow, where the key sets it', { budgets, on_ledger_failure: 'allow' }, true],
  ])(
    'a request is decided by the key’s limits while the ledger is unavailable: %s',
    (_, limits, isAllowed) => {
      expect(allowsWithoutLedger(limits)).toBe(isAllowed)
    },
  )
})

test.each<object>([
  { rpm: 0 },
  { rpm: -1 },
  { itpm: 1.5 },
  { budgets: [{ usd: 0, period: 'day' }] },
  { budgets: [{ usd: 1, period: 'year' }] },
  { budgets: [{ usd: 1, period: 'day', raise: { usd: 1, until: 'tomorrow' } }] },
  { models: { a: { budgets: [{ usd: -1, period: 'day' }] } } },
  { on_ledger_failure: 'ask' },
])('%j is no limit', (limits) => {
  expect(keyLimits.safeParse(limits).success).toBe(false)
})

test('every limit may be absent', () => {
  const whole = {
    rpm: 1,
    count_tokens_rpm: 2,
    budgets: [
      { usd: 1.5, period: 'week', hard: true, raise: { usd: 2, until: '2026-12-01T00:00:00Z' } },
    ],
    models: { a: { otpm: 3 } },
    strict: true,
  }
  expect(keyLimits.parse({})).toEqual({})
  expect(keyLimits.parse(whole)).toEqual(whole)
})
