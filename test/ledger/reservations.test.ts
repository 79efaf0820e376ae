import { describe, expect, test } from 'vitest'

import { nanoPerUsd } from '../../src/catalog/cost.ts'
import type { KeyLimits } from '../../src/keys/limits.ts'
import { longestRequestMs, Reservations } from '../../src/ledger/reservations.ts'
import { writePolicy } from '../../src/ledger/storage/policy.ts'
import { readUsage } from '../../src/ledger/usage/read-usage.ts'
import { charge, noon, reservation } from './entries.ts'
import { createSql } from './sqlite.ts'

const all = { from: 0, to: 1e9, hoursPerRow: 1 }

function open(limits: KeyLimits) {
  const sql = createSql()
  const reservations = new Reservations(sql)
  let ids = 0
  return {
    sql,
    reservations,
    /** Reserves under a fresh id; the refusal, where there is one. */
    ask: (now: number, estimate: Parameters<typeof reservation>[2] = {}) =>
      reservations.reserve(reservation(`r${(ids += 1)}`, limits, estimate), now).refusal,
    rows: () => readUsage(sql, all),
  }
}

describe('requests a minute', () => {
  test('are let by up to the limit, and again a minute after', () => {
    const { ask } = open({ rpm: 2 })
    expect([ask(noon), ask(noon + 10_000), ask(noon + 20_000)]).toEqual([
      undefined,
      undefined,
      { kind: 'rate', metric: 'requests', limit: 2, retryAfterMs: 41_000 },
    ])
    expect(ask(noon + 60_999)).toBeDefined()
    expect(ask(noon + 61_000)).toBeUndefined()
  })

  test('of which one is released count one less', () => {
    const { ask, reservations } = open({ rpm: 1 })
    ask(noon)
    reservations.release('r1', noon + 1)
    expect(ask(noon + 2)).toBeUndefined()
  })

  test('of a model or wildcard have a bucket of their own, and fill that of the key too', () => {
    const { ask } = open({ rpm: 3, models: { 'opus-*': { rpm: 1 } } })
    expect(ask(noon, { model: 'opus-5' })).toBeUndefined()
    expect(ask(noon, { model: 'opus-6' })).toMatchObject({ pattern: 'opus-*', limit: 1 })
    expect([ask(noon), ask(noon)]).toEqual([undefined, undefined])
    expect(ask(noon)).toMatchObject({ metric: 'requests', limit: 3 })
  })

  test('asked for twice under one id count once', () => {
    const { reservations } = open({})
    const asked = reservation('same', { rpm: 2 })
    reservations.reserve(asked, noon)
    reservations.reserve(asked, noon)
    expect(reservations.reserve(reservation('other', { rpm: 2 }), noon).refusal).toBeUndefined()
  })

  test('leave counts of tokens alone, which have a bucket of their own', () => {
    const { reservations } = open({})
    const count = (id: string) => ({
      ...reservation(id, { rpm: 1 }),
      kind: 'count_tokens' as const,
    })
    expect(reservations.reserve(count('a'), noon).refusal).toBeUndefined()
    expect(reservations.reserve(reservation('b', { rpm: 1 }), noon).refusal).toBeUndefined()
    expect(reservations.reserve(count('c'), noon).refusal).toMatchObject({ metric: 'requests' })
  })
})

describe('tokens a minute', () => {
  test('of input are reserved as estimated and settled with the truth', () => {
    const { ask, reservations } = open({ itpm: 100 })
    expect(ask(noon, { input: 80 })).toBeUndefined()
    expect(ask(noon, { input: 30 })).toMatchObject({ metric: 'input', limit: 100 })
    reservations.settle(charge('r1', { input: 20 }), noon + 5)
    expect(ask(noon + 6, { input: 80 })).toBeUndefined()
  })

  test('of a prompt that is larger than the limit let it go when nothing else does', () => {
    const { ask } = open({ itpm: 100 })
    expect(ask(noon, { input: 500 })).toBeUndefined()
    expect(ask(noon, { input: 500 })).toBeDefined()
  })

  test('of output are held while a request runs, and count from its end', () => {
    const { ask, reservations } = open({ otpm: 100 })
    expect(ask(noon, { output: 32_000 })).toBeUndefined()
    expect(ask(noon, { output: 10 })).toMatchObject({ metric: 'output', retryAfterMs: 2000 })
    reservations.settle(charge('r1', { output: 99 }), noon + 30_000)
    expect(ask(noon + 80_000, { output: 10 })).toBeUndefined()
    reservations.settle(charge('r3', { output: 1 }), noon + 80_000)
    expect(ask(noon + 80_000)).toMatchObject({ metric: 'output', retryAfterMs: 11_000 })
  })
})

describe('requests at once', () => {
  test('are let by up to the limit, and again when one has ended', () => {
    const { ask, reservations } = open({ concurrency: 2 })
    expect([ask(noon), ask(noon), ask(noon)]).toEqual([
      undefined,
      undefined,
      { kind: 'rate', metric: 'concurrency', limit: 2, retryAfterMs: 2000 },
    ])
    reservations.settle(charge('r1'), noon + 1)
    expect(ask(noon + 1)).toBeUndefined()
  })

  test('whose end is never heard of make room after the longest request, booked as estimated', () => {
    const { ask, rows } = open({ concurrency: 1 })
    ask(noon, { input: 70, inputCost: 5 })
    expect(ask(noon + longestRequestMs - 1)).toBeDefined()
    expect(ask(noon + longestRequestMs)).toBeUndefined()
    expect(rows()).toMatchObject([
      { requests: 1, input: 70, cost: 5, estimated: 1, errorTypes: { settlement_lost: 1 } },
    ])
  })
})

describe('a budget', () => {
  const dollar = nanoPerUsd
  const limits: KeyLimits = { budgets: [{ usd: 1, period: 'day' }] }

  test('is passed by one reservation at most, and comes again at midnight UTC', () => {
    const { ask } = open(limits)
    const asked = [1, 2, 3].map(() => ask(noon, { cost: 0.6 * dollar }))
    const midnight = Date.UTC(2026, 10, 26)
    expect(asked).toEqual([
      undefined,
      undefined,
      { kind: 'budget', period: 'day', limit: dollar, resetsAt: midnight },
    ])
  })

  test('gets back what was reserved and not used', () => {
    const { ask, reservations } = open(limits)
    ask(noon, { cost: 2 * dollar })
    expect(ask(noon)).toBeDefined()
    reservations.settle(charge('r1', { cost: dollar / 2 }), noon)
    expect(ask(noon)).toBeUndefined()
  })

  test.each([
    ['day', Date.UTC(2026, 10, 26)],
    ['week', Date.UTC(2026, 10, 30)],
    ['month', Date.UTC(2026, 11, 1)],
  ] as const)('of a %s begins anew with the calendar', (period, resetsAt) => {
    const { ask, reservations } = open({ budgets: [{ usd: 1, period }] })
    ask(noon)
    reservations.settle(charge('r1', { cost: dollar }), noon)
    expect(ask(resetsAt - 1)).toMatchObject({ kind: 'budget', resetsAt })
    expect(ask(resetsAt)).toBeUndefined()
  })

  test('of all time never does', () => {
    const { ask, reservations } = open({ budgets: [{ usd: 1, period: 'total' }] })
    ask(noon)
    reservations.settle(charge('r1', { cost: dollar }), noon)
    expect(ask(noon + 1e12)).toMatchObject({ kind: 'budget', resetsAt: null })
  })
})

describe('a settlement', () => {
  test('that comes twice counts once', () => {
    const { ask, reservations, rows } = open({ rpm: 9 })
    ask(noon)
    reservations.settle(charge('r1', { input: 10 }), noon)
    reservations.settle(charge('r1', { input: 10 }), noon)
    expect(rows()).toMatchObject([{ requests: 1, input: 10 }])
  })

  test('without a reservation counts once too', () => {
    const { reservations, rows } = open({})
    reservations.settle(charge('x', { input: 10 }), noon)
    reservations.settle(charge('x', { input: 10 }), noon)
    expect(rows()).toMatchObject([{ requests: 1, input: 10 }])
  })

  test('that comes after its reservation has expired replaces the estimate', () => {
    const { ask, reservations, rows } = open({ concurrency: 1 })
    ask(noon, { input: 70, inputCost: 7 })
    reservations.expire(noon + longestRequestMs)
    reservations.settle(charge('r1', { input: 3, cost: 1 }), noon + longestRequestMs + 1)
    expect(rows()).toMatchObject([
      { provider: 'p', requests: 1, input: 3, cost: 1, estimated: 0, errors: 0 },
    ])
  })
})

describe('a clock', () => {
  test('that is set back makes nobody wait for longer than a minute', () => {
    const { ask } = open({ rpm: 1, concurrency: 9 })
    ask(noon + 3_600_000)
    expect(ask(noon)).toBeDefined()
    expect(ask(noon + 61_000)).toBeUndefined()
  })

  test('that is set back keeps nothing open for longer than the longest request', () => {
    const { ask } = open({ concurrency: 1 })
    ask(noon + 3_600_000)
    expect(ask(noon)).toBeDefined()
    expect(ask(noon + longestRequestMs)).toBeUndefined()
  })
})

describe('a key', () => {
  test('that was revoked is refused, whatever an older copy of its record says', () => {
    const { reservations, sql } = open({})
    writePolicy(sql, { version: 2, status: 'revoked', limits: {} })
    expect(reservations.reserve({ ...reservation('a', {}), version: 1 }, noon).refusal).toEqual({
      kind: 'revoked',
    })
  })

  test('whose limits were changed has the new ones, whatever an older copy says', () => {
    const { reservations, sql } = open({})
    writePolicy(sql, { version: 2, status: 'active', limits: { rpm: 1 } })
    const ask = (id: string) => reservations.reserve(reservation(id, { rpm: 100 }), noon).refusal
    expect([ask('a'), ask('b')]).toMatchObject([undefined, { limit: 1 }])
  })
})
