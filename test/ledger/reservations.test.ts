import { describe, expect, test } from 'vitest'

import { nanoPerUsd } from '../../src/catalog/price.ts'
import type { KeyLimits } from '../../src/keys/limits.ts'
import { leaseMs } from '../../src/ledger/protocol.ts'
import { Reservations } from '../../src/ledger/reservations.ts'
import { readPolicy, writePolicy } from '../../src/ledger/storage/policy.ts'
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

describe('a limit of requests per minute', () => {
  test('a limit of requests per minute admits its number of requests, and the next one a minute after the first', () => {
    const { ask } = open({ rpm: 2 })
    expect([ask(noon), ask(noon + 10_000), ask(noon + 20_000)]).toEqual([
      undefined,
      undefined,
      { kind: 'rate', metric: 'requests', pattern: undefined, limit: 2, retryAfterMs: 40_000 },
    ])
    expect(ask(noon + 59_999)).toBeDefined()
    expect(ask(noon + 60_000)).toBeUndefined()
  })

  test('a limit of requests per minute does not count a request that was never sent', () => {
    const { ask, reservations } = open({ rpm: 1 })
    ask(noon)
    reservations.settle(charge('r1', { sent: false }), noon + 1)
    expect(ask(noon + 2)).toBeUndefined()
  })

  test('a limit of requests per minute counts a request that the upstream rejected', () => {
    const { ask, reservations } = open({ rpm: 1 })
    ask(noon)
    reservations.settle(charge('r1', { error: 'invalid_request_error' }), noon + 1)
    expect(ask(noon + 2)).toMatchObject({ metric: 'requests' })
  })

  test('a limit of requests per minute on a model pattern applies together with the key’s', () => {
    const { ask } = open({ rpm: 3, models: { 'opus-*': { rpm: 1 } } })
    expect(ask(noon, { model: 'opus-5' })).toBeUndefined()
    expect(ask(noon, { model: 'opus-6' })).toMatchObject({ pattern: 'opus-*', limit: 1 })
    expect([ask(noon), ask(noon)]).toEqual([undefined, undefined])
    expect(ask(noon)).toMatchObject({ metric: 'requests', limit: 3 })
  })

  test('a limit of requests per minute counts a repeated reservation once', () => {
    const { reservations } = open({})
    const asked = reservation('same', { rpm: 2 })
    reservations.reserve(asked, noon)
    reservations.reserve(asked, noon)
    expect(reservations.reserve(reservation('other', { rpm: 2 }), noon).refusal).toBeUndefined()
  })

  test('a limit of requests per minute counts token counts separately from messages', () => {
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

describe('a limit of tokens per minute', () => {
  test('a limit of tokens per minute on input reserves the estimate and settles with the upstream’s count', () => {
    const { ask, reservations } = open({ itpm: 100 })
    expect(ask(noon, { input: 80 })).toBeUndefined()
    expect(ask(noon, { input: 30 })).toMatchObject({ metric: 'input', limit: 100 })
    reservations.settle(charge('r1', { input: 20 }), noon + 5)
    expect(ask(noon + 6, { input: 80 })).toBeUndefined()
  })

  test('a limit of tokens per minute on input admits a prompt that exceeds it if nothing else is counted', () => {
    const { ask } = open({ itpm: 100 })
    expect(ask(noon, { input: 500 })).toBeUndefined()
    expect(ask(noon, { input: 500 })).toBeDefined()
  })

  test('a limit of tokens per minute on output reserves max_tokens while a request runs, and then counts its output', () => {
    const { ask, reservations } = open({ otpm: 100 })
    expect(ask(noon, { output: 32_000 })).toBeUndefined()
    expect(ask(noon, { output: 10 })).toMatchObject({ metric: 'output', retryAfterMs: 2000 })
    reservations.settle(charge('r1', { output: 99 }), noon + 30_000)
    expect(ask(noon + 80_000, { output: 10 })).toBeUndefined()
    reservations.settle(charge('r3', { output: 1 }), noon + 80_000)
    expect(ask(noon + 80_000)).toMatchObject({ metric: 'output', retryAfterMs: 10_000 })
  })
})

describe('a limit of concurrent requests', () => {
  test('a limit of concurrent requests admits its number of requests, and the next one when one has ended', () => {
    const { ask, reservations } = open({ concurrency: 2 })
    expect([ask(noon), ask(noon), ask(noon)]).toEqual([
      undefined,
      undefined,
      { kind: 'rate', metric: 'concurrency', pattern: undefined, limit: 2, retryAfterMs: 2000 },
    ])
    reservations.settle(charge('r1'), noon + 1)
    expect(ask(noon + 1)).toBeUndefined()
  })
})

describe('a lease', () => {
  test('a lease that is not renewed expires, releases its reservation, and is recorded as an estimate', () => {
    const { ask, rows } = open({ concurrency: 1 })
    ask(noon, { input: 70, inputCost: 5 })
    expect(ask(noon + leaseMs - 1)).toBeDefined()
    expect(ask(noon + leaseMs)).toBeUndefined()
    expect(rows()).toMatchObject([
      { requests: 1, input: 70, cost: 5, estimated: 1, errorTypes: { settlement_lost: 1 } },
    ])
  })

  test('a lease that is renewed holds its reservation for as long as the request runs', () => {
    const { ask, reservations } = open({ concurrency: 1 })
    ask(noon)
    for (let at = 30_000; at <= 3_600_000; at += 30_000) {
      reservations.renew('r1', noon + at)
    }
    expect(ask(noon + 3_600_000 + leaseMs - 1)).toBeDefined()
    expect(ask(noon + 3_600_000 + leaseMs)).toBeUndefined()
  })

  test('a lease that expires after a renewal is charged what was known at the renewal', () => {
    const { ask, reservations, rows } = open({ concurrency: 1 })
    ask(noon, { input: 70, inputCost: 5 })
    reservations.renew('r1', noon + 30_000, charge('r1', { input: 60, output: 400, cost: 45 }))
    reservations.expire(noon + 30_000 + leaseMs)
    expect(rows()).toMatchObject([{ input: 60, output: 400, cost: 45, estimated: 1 }])
  })

  test('a lease that expired too early is reopened by a late renewal, and charged once', () => {
    const { ask, reservations, rows } = open({ concurrency: 1 })
    ask(noon, { input: 70, inputCost: 5 })
    reservations.expire(noon + leaseMs)
    reservations.renew('r1', noon + leaseMs + 1)
    expect(ask(noon + leaseMs + 2)).toMatchObject({ metric: 'concurrency' })
    reservations.settle(charge('r1', { input: 66, cost: 4 }), noon + leaseMs + 3)
    expect(rows()).toMatchObject([{ requests: 1, input: 66, cost: 4, estimated: 0, errors: 0 }])
  })

  test('the lease of a dead request determines retry-after', () => {
    const { ask, reservations } = open({ concurrency: 2 })
    ask(noon)
    ask(noon + 10_000)
    expect(ask(noon + 60_000)).toMatchObject({ retryAfterMs: 30_000 })
    reservations.renew('r2', noon + 60_000)
    expect(ask(noon + 60_000)).toMatchObject({ retryAfterMs: 2000 })
  })

  test('an operator can see a lease and end it', () => {
    const { ask, reservations } = open({ concurrency: 1 })
    ask(noon, { model: 'opus' })
    expect(reservations.open(noon + 1)).toEqual([
      {
        id: 'r1',
        kind: 'messages',
        model: 'opus',
        since: noon,
        expires: noon + leaseMs,
        held: 0,
      },
    ])
    expect(reservations.release(undefined, noon + 2)).toEqual(['r1'])
    expect(ask(noon + 3)).toBeUndefined()
  })
})

describe('a budget', () => {
  const dollar = nanoPerUsd
  const limits: KeyLimits = { budgets: [{ usd: 1, period: 'day' }] }
  const midnight = Date.UTC(2026, 10, 26)
  const perToken = dollar / 40_000

  test('a budget admits two parallel requests with the largest max_tokens', () => {
    const { ask } = open(limits)
    const large = { output: 128_000, outputCost: 128_000 * perToken }
    expect([ask(noon, large), ask(noon, large)]).toEqual([undefined, undefined])
  })

  test('a budget that is reserved by requests in flight rejects for seconds, and is not reported as reached', () => {
    const { ask, reservations } = open(limits)
    const large = { output: 100_000, outputCost: 100_000 * dollar }
    expect(ask(noon, large)).toBeUndefined()
    expect(ask(noon, large)).toMatchObject({ kind: 'budget_held', retryAfterMs: 2000 })
    reservations.settle(charge('r1', { cost: dollar / 2 }), noon)
    expect(ask(noon, large)).toBeUndefined()
  })

  test('a budget reserves the model’s recent output, between 1,000 tokens and max_tokens', () => {
    const { reservations } = open(limits)
    const expected = (id: string, output: number) =>
      reservations.reserve(reservation(id, limits, { output, outputCost: output }), noon)
        .expectedOutput
    expect([expected('a', 64_000), expected('b', 300)]).toEqual([1000, 300])
    reservations.settle(charge('a', { output: 5000 }), noon)
    reservations.settle(charge('b', { output: 3000 }), noon)
    expect([expected('c', 64_000), expected('d', 300)]).toEqual([4000, 300])
  })

  test('a budget that settled spend has reached rejects until its reset', () => {
    const { ask, reservations } = open(limits)
    ask(noon)
    reservations.settle(charge('r1', { cost: dollar }), noon)
    expect(ask(noon)).toMatchObject({
      kind: 'budget',
      budget: { period: 'day', limit: dollar, spent: dollar, resetsAt: midnight },
      retryAfterMs: midnight - noon,
    })
  })

  test('a budget and a rate limit that both reject have the later retry-after', () => {
    const { ask, reservations } = open({ ...limits, rpm: 1 })
    ask(midnight - 10_000)
    reservations.settle(charge('r1', { cost: dollar, at: midnight - 10_000 }), midnight - 10_000)
    expect(ask(midnight - 5000)).toMatchObject({ kind: 'budget', retryAfterMs: 55_000 })
  })

  test('a budget is exceeded by at most what is in flight, with 200 parallel requests', () => {
    const { ask, reservations } = open(limits)
    const cost = dollar / 50
    const estimate = { output: 64_000, outputCost: 64 * cost }
    const admitted = Array.from({ length: 200 }, () => ask(noon, estimate)).flatMap(
      (refusal, index) => (refusal === undefined ? [`r${index + 1}`] : []),
    )
    // Each holds what 1,000 tokens cost, a fiftieth of the budget.
    expect(admitted).toHaveLength(50)
    for (const id of admitted) {
      reservations.settle(charge(id, { output: 3000, cost: 3 * cost }), noon)
    }
    const [standing] = reservations.budgets(limits, noon)
    expect(standing).toMatchObject({ spent: 50 * 3 * cost, held: 0 })
    expect(ask(noon, estimate)).toMatchObject({ kind: 'budget' })
  })

  test('a budget that is hard reserves max_tokens in full and is never exceeded, with 200 parallel requests', () => {
    const hard: KeyLimits = { budgets: [{ usd: 1, period: 'day', hard: true }] }
    const { ask, reservations } = open(hard)
    const estimate = { output: 64_000, outputCost: dollar / 10 }
    const kinds = Array.from({ length: 200 }, () => ask(noon, estimate)?.kind)
    expect(kinds.filter((kind) => kind === undefined)).toHaveLength(10)
    expect(new Set(kinds)).toEqual(new Set([undefined, 'budget_held']))
    reservations.settle(charge('r1', { cost: dollar / 20 }), noon)
    expect(ask(noon, { output: 64_000, outputCost: dollar })).toMatchObject({
      kind: 'over_hard_budget',
    })
  })

  test('a budget on a model pattern counts only that pattern', () => {
    const { ask, reservations } = open({
      models: { 'opus-*': { budgets: [{ usd: 1, period: 'day' }] } },
    })
    ask(noon, { model: 'opus-5' })
    reservations.settle(charge('r1', { model: 'opus-5', cost: dollar }), noon)
    expect(ask(noon, { model: 'opus-6' })).toMatchObject({
      kind: 'budget',
      budget: { pattern: 'opus-*' },
    })
    expect(ask(noon, { model: 'haiku' })).toBeUndefined()
  })

  test('a budget that is raised has the larger amount until its date', () => {
    const until = '2026-11-25T13:00:00Z'
    const { ask, reservations } = open({
      budgets: [{ usd: 1, period: 'day', raise: { usd: 2, until } }],
    })
    ask(noon)
    reservations.settle(charge('r1', { cost: 1.5 * dollar }), noon)
    expect(ask(Date.parse(until) - 1)).toBeUndefined()
    expect(ask(Date.parse(until))).toMatchObject({ kind: 'budget' })
  })

  test.each([
    ['day', midnight],
    ['week', Date.UTC(2026, 10, 30)],
    ['month', Date.UTC(2026, 11, 1)],
  ] as const)('a budget of a %s resets with the calendar', (period, resetsAt) => {
    const { ask, reservations } = open({ budgets: [{ usd: 1, period }] })
    ask(noon)
    reservations.settle(charge('r1', { cost: dollar }), noon)
    expect(ask(resetsAt - 1)).toMatchObject({ kind: 'budget', budget: { resetsAt } })
    expect(ask(resetsAt)).toBeUndefined()
  })

  test('a budget of all time never resets, even when days are no longer kept one by one', () => {
    const { ask, reservations } = open({ budgets: [{ usd: 1, period: 'total' }] })
    ask(noon)
    reservations.settle(charge('r1', { cost: dollar }), noon)
    const later = noon + 500 * 86_400_000
    reservations.expire(later)
    expect(ask(later)).toMatchObject({ kind: 'budget', retryAfterMs: undefined })
  })
})

describe('a settlement', () => {
  test.each([[true], [false]])(
    'a settlement that is repeated counts once (reserved: %s)',
    (isReserved) => {
      const { ask, reservations, rows } = open({ rpm: 9 })
      if (isReserved) {
        ask(noon)
      }
      reservations.settle(charge('r1', { input: 10 }), noon)
      reservations.settle(charge('r1', { input: 10 }), noon)
      expect(rows()).toMatchObject([{ requests: 1, input: 10 }])
    },
  )

  test('a settlement that arrives after its lease expired replaces the estimate', () => {
    const { ask, reservations, rows } = open({ concurrency: 1 })
    ask(noon, { input: 70, inputCost: 7 })
    reservations.expire(noon + leaseMs)
    reservations.settle(charge('r1', { input: 3, cost: 1 }), noon + leaseMs + 1)
    expect(rows()).toMatchObject([
      { provider: 'p', requests: 1, input: 3, cost: 1, estimated: 0, errors: 0 },
    ])
  })

  test('a settlement of a key without limits writes five rows, and of one with limits and a budget six', () => {
    const limits: KeyLimits = { rpm: 99, budgets: [{ usd: 9, period: 'day' }] }
    const { sql, reservations } = open(limits)
    const changes = () => Number(sql.all('SELECT total_changes() AS n')[0]?.['n'])
    const used = { cost: 5, session: 's', lastFour: 'wxyz' }
    reservations.reserve(reservation('first', limits), noon)
    reservations.settle(charge('first', used), noon)
    const rowsOf = (id: string, at: number, isReserved: boolean): number => {
      const before = changes()
      if (isReserved) {
        reservations.reserve(reservation(id, limits), at)
      }
      reservations.settle(charge(id, used), at)
      return changes() - before
    }
    // Each request's own row is deleted later, which writes one row more.
    expect(rowsOf('a', noon + 1, true) + 1).toBe(6)
    expect(rowsOf('b', noon + 2, false) + 1).toBe(5)
  })
})

describe('a clock', () => {
  test('a clock that is set back delays no request for longer than a minute', () => {
    const { ask } = open({ rpm: 1, concurrency: 9 })
    ask(noon + 3_600_000)
    expect(ask(noon)).toBeDefined()
    expect(ask(noon + 60_000)).toBeUndefined()
  })

  test('a clock that is set back holds no reservation for longer than a lease', () => {
    const { ask } = open({ concurrency: 1 })
    ask(noon + 3_600_000)
    expect(ask(noon)).toBeDefined()
    expect(ask(noon + leaseMs)).toBeUndefined()
  })
})

describe('a key', () => {
  test('a ledger keeps the newest policy of a key when an older one arrives late', () => {
    const { sql } = open({})
    writePolicy(sql, { version: 3, status: 'revoked', limits: {} })
    writePolicy(sql, { version: 2, status: 'active', limits: {} })
    expect(readPolicy(sql)).toMatchObject({ version: 3, status: 'revoked' })
  })

  test('a key that was revoked is rejected, whatever an older copy of its record says', () => {
    const { reservations, sql } = open({})
    writePolicy(sql, { version: 2, status: 'revoked', limits: {} })
    expect(reservations.reserve({ ...reservation('a', {}), version: 1 }, noon).refusal).toEqual({
      kind: 'revoked',
    })
  })

  test('a key whose limits were changed has the new ones, whatever an older copy of its record says', () => {
    const { reservations, sql } = open({})
    writePolicy(sql, { version: 2, status: 'active', limits: { rpm: 1 } })
    const ask = (id: string) => reservations.reserve(reservation(id, { rpm: 100 }), noon).refusal
    expect([ask('a'), ask('b')]).toMatchObject([undefined, { limit: 1 }])
  })
})
