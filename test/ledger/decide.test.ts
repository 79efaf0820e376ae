import { describe, expect, test } from 'vitest'

import type { BudgetUsage, Demand, RateUsage } from '../../src/ledger/limits/decide.ts'
import {
  refuse,
  toExpectedOutput,
  toHeldCost,
  toStandings,
} from '../../src/ledger/limits/decide.ts'
import { emptyAt, freeAt } from '../../src/ledger/limits/sliding-window.ts'

const now = 1_000_000
const rate = (more: Partial<RateUsage> = {}): RateUsage => ({
  metric: 'requests',
  pattern: undefined,
  limit: 10,
  wanted: 1,
  counted: [],
  held: 0,
  ...more,
})
const budget = (more: Partial<BudgetUsage> = {}): BudgetUsage => ({
  period: 'day',
  pattern: undefined,
  limit: 100,
  spent: 0,
  held: 0,
  resetsAt: now + 5000,
  hard: false,
  ...more,
})
const demand = (more: Partial<Demand> = {}): Demand => ({
  rates: [],
  budgets: [],
  estimate: { input: 10, output: 1000, inputCost: 10, outputCost: 100 },
  expectedOutput: 500,
  heldRetryMs: 700,
  now,
  ...more,
})
const ago = (seconds: number, amount: number) => ({ at: now - seconds * 1000, amount })

describe('the sliding minute', () => {
  test('the sliding minute is empty a minute after the last amount', () => {
    expect(emptyAt([ago(50, 1), ago(10, 1), ago(30, 1)], now)).toBe(now + 50_000)
    expect(emptyAt([], now)).toBe(now)
    expect(emptyAt([ago(70, 1)], now)).toBe(now)
  })

  test('the sliding minute has room once the oldest amounts have left it', () => {
    const counted = [ago(10, 5), ago(50, 2), ago(30, 3)]
    expect(freeAt(counted, 8, now)).toBe(now + 10_000)
    expect(freeAt(counted, 7, now)).toBe(now + 30_000)
    expect(freeAt(counted, 4, now)).toBe(now + 50_000)
    expect(freeAt(counted, 10, now)).toBe(now)
    expect(freeAt([], 0, now)).toBe(now)
  })
})

describe('a rate refuses', () => {
  test.each<[string, Partial<RateUsage>, number | undefined]>([
    ['not the last request', { counted: [ago(30, 9)] }, undefined],
    ['one request too many', { counted: [ago(30, 9), ago(20, 1)] }, 30_000],
    ['while all is held, until something may end', { held: 10 }, 700],
    ['concurrency, until something may end', { metric: 'concurrency', held: 10 }, 700],
    [
      'not a prompt that is too long, where nothing is counted',
      { metric: 'input', wanted: 50 },
      undefined,
    ],
    ['a long prompt after another', { metric: 'input', wanted: 50, counted: [ago(20, 1)] }, 40_000],
    ['a prompt beside one that is held', { metric: 'input', wanted: 5, held: 6 }, 700],
    [
      'not output below the limit',
      { metric: 'output', wanted: 50, counted: [ago(20, 9)] },
      undefined,
    ],
    ['output at the limit', { metric: 'output', wanted: 1, counted: [ago(20, 10)] }, 40_000],
    ['output of which some is held', { metric: 'output', counted: [ago(20, 5)], held: 5 }, 40_000],
  ])('a rate limit refuses %s', (_, usage, retryAfterMs) => {
    const refusal = refuse(demand({ rates: [rate(usage)] }))
    expect(refusal?.kind === 'rate' ? refusal.retryAfterMs : undefined).toBe(retryAfterMs)
  })

  test('a rate limit refuses with the longest wait of all', () => {
    const full = (seconds: number, pattern: string) =>
      rate({ pattern, counted: [ago(seconds, 10)] })
    const rates = [full(50, 'a'), full(10, 'b'), full(30, 'c')]
    expect(refuse(demand({ rates }))).toEqual({
      kind: 'rate',
      metric: 'requests',
      limit: 10,
      pattern: 'b',
      retryAfterMs: 50_000,
    })
  })
})

describe('a budget refuses', () => {
  test('a budget refuses requests once spending has reached it, until the last reset', () => {
    const budgets = [
      budget({ spent: 100, period: 'day' }),
      budget({ spent: 101, period: 'month', resetsAt: now + 9000 }),
      budget({ spent: 100, period: 'week', resetsAt: now + 7000 }),
    ]
    expect(refuse(demand({ budgets }))).toMatchObject({
      kind: 'budget',
      budget: { period: 'month' },
      retryAfterMs: 9000,
    })
    const never = budget({ spent: 100, period: 'total', resetsAt: null })
    expect(refuse(demand({ budgets: [...budgets, never] }))).toMatchObject({
      budget: { period: 'total' },
      retryAfterMs: undefined,
    })
  })

  test('a budget and a rate limit that both refuse have the longer wait', () => {
    const rates = [rate({ counted: [ago(10, 10)] })]
    const refusal = refuse(demand({ rates, budgets: [budget({ spent: 100 })] }))
    expect(refusal).toMatchObject({ kind: 'budget', retryAfterMs: 50_000 })
  })

  test('a hard budget refuses a request that may cost more than is left, and admits one that may cost exactly that', () => {
    const hard = (spent: number) => refuse(demand({ budgets: [budget({ hard: true, spent })] }))
    expect(hard(-10)).toBeUndefined()
    expect(hard(-9)).toMatchObject({ kind: 'over_hard_budget', cost: 110 })
  })

  test('a budget refuses requests while requests in flight hold what is left', () => {
    const held = (more: Partial<BudgetUsage>) => refuse(demand({ budgets: [budget(more)] }))
    expect(held({ spent: 50, held: 49 })).toBeUndefined()
    expect(held({ spent: 50, held: 50 })).toMatchObject({ kind: 'budget_held', retryAfterMs: 700 })
    expect(held({ hard: true, limit: 200, held: 90 })).toBeUndefined()
    expect(held({ hard: true, limit: 200, held: 91 })).toMatchObject({ kind: 'budget_held' })
  })

  test('a budget refuses no request that is free', () => {
    const free = { input: 1, output: 0, inputCost: 0, outputCost: 0 }
    expect(refuse(demand({ estimate: free, budgets: [budget({ held: 100 })] }))).toBeUndefined()
  })
})

test('what an admitted request holds is its expected cost within what is left, or all of it', () => {
  expect(toHeldCost(demand())).toBe(0)
  expect(toHeldCost(demand({ budgets: [budget()] }))).toBe(60)
  expect(toHeldCost(demand({ budgets: [budget({ spent: 45 })] }))).toBe(55)
  expect(toHeldCost(demand({ budgets: [budget(), budget({ hard: true })] }))).toBe(110)
})

test.each([
  [undefined, 5000, 1000],
  [undefined, 300, 300],
  [2000.2, 5000, 2001],
  [9000, 5000, 5000],
])('after answers of %s tokens, up to %i, are expected %i', (usual, most, expected) => {
  expect(toExpectedOutput(usual, most)).toBe(expected)
})

describe('the standing of a rate', () => {
  const rates = [
    rate({ limit: 10, counted: [ago(30, 2)], held: 1 }),
    rate({ limit: 5, counted: [ago(20, 2)], held: 1, pattern: 'a-*' }),
    rate({ limit: 9, counted: [ago(10, 2)] }),
    rate({ metric: 'input', limit: 3, counted: [ago(10, 9)], wanted: 4 }),
  ]

  test('the standing of a rate is that of the tightest limit, without a request that was refused', () => {
    expect(toStandings(rates, false, now)).toEqual([
      { metric: 'requests', limit: 5, remaining: 2, resetsAt: now + 40_000 },
      { metric: 'input', limit: 3, remaining: 0, resetsAt: now + 50_000 },
    ])
  })

  test('the standing of a rate includes a request that was admitted', () => {
    expect(toStandings(rates, true, now)).toEqual([
      { metric: 'requests', limit: 5, remaining: 1, resetsAt: now + 60_000 },
      { metric: 'input', limit: 3, remaining: 0, resetsAt: now + 60_000 },
    ])
  })

  test('the standing of a rate is that of the first of two that are equally tight', () => {
    const same = [rate({ counted: [ago(30, 2)] }), rate({ counted: [ago(10, 2)] })]
    expect(toStandings(same, false, now)).toMatchObject([{ resetsAt: now + 30_000 }])
  })
})
