import { describe, expect, test } from 'vitest'

import type { BillingTerms } from '../../src/anthropic/answer/part.ts'
import type { Price } from '../../src/catalog/price.ts'
import { isPriced, toNanoCost } from '../../src/catalog/price.ts'

const none = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, thinking: 0 }
const million = 1_000_000
const nano = 1_000_000_000

const price: Price = { input: 3, output: 15, cache_read: 0.3, cache_write: 3.75 }

describe('the cost of a response', () => {
  test.each([
    ['input', { input: million }, 3],
    ['output', { output: million }, 15],
    ['cache reads', { cacheRead: million }, 0.3],
    ['cache writes', { cacheWrite: million }, 3.75],
    ['1-hour cache writes, at twice the input', { cacheWrite: million, cacheWrite1h: million }, 6],
    ['both kinds of cache writes', { cacheWrite: million, cacheWrite1h: 400_000 }, 4.65],
    ['one token', { input: 1 }, 0.000003],
    ['nothing', {}, 0],
  ])('the cost of a response is correct for %s', (_, usage, usd) => {
    expect(toNanoCost({ ...none, ...usage }, price)).toBe(Math.round(usd * nano))
  })

  test('the cost of a response charges cached tokens as input if the catalog has no price for them', () => {
    const usage = { ...none, cacheRead: million, cacheWrite: million }
    expect(toNanoCost(usage, { input: 3, output: 15 })).toBe(6 * nano)
  })

  test('the cost of a response charges 1-hour cache writes at their own price if there is one', () => {
    const usage = { ...none, cacheWrite: million, cacheWrite1h: million }
    expect(toNanoCost(usage, { ...price, cache_write_1h: 7 })).toBe(7 * nano)
  })

  test('the cost of a response charges web searches by the thousand', () => {
    const usage = { ...none, webSearches: 3 }
    expect(toNanoCost(usage, { ...price, web_search: 10 })).toBe(0.03 * nano)
    expect(toNanoCost(usage, price)).toBe(0)
  })

  test('the cost of a response charges the whole request at the highest tier that its prompt exceeds', () => {
    const tiered: Price = {
      ...price,
      tiers: [
        { above_input_tokens: 500_000, input: 9, output: 30 },
        { above_input_tokens: 200_000, input: 6, output: 22.5, cache_read: 0.6 },
      ],
    }
    const cost = (input: number, cacheRead = 0) =>
      toNanoCost({ ...none, input, cacheRead, output: 1000 }, tiered)
    expect(cost(200_000)).toBe((0.6 + 0.015) * nano)
    expect(cost(200_001)).toBe(Math.round((1.200006 + 0.0225) * nano))
    expect(cost(100_000, 200_000)).toBe(Math.round((0.6 + 0.12 + 0.0225) * nano))
    expect(cost(600_000)).toBe(Math.round((5.4 + 0.03) * nano))
  })

  test('the cost of a response multiplies tokens, not searches, by the speed, geography and service tier that were billed', () => {
    const scaled: Price = {
      ...price,
      web_search: 10,
      multipliers: {
        speed: { fast: 6 },
        inference_geo: { us: 1.1 },
        service_tier: { flex: 0.5, priority: 2 },
      },
    }
    const cost = (terms: BillingTerms) =>
      toNanoCost({ ...none, input: million, webSearches: 1000, terms }, scaled)
    expect(cost({})).toBe(13 * nano)
    expect(cost({ speed: 'standard', inference_geo: 'global' })).toBe(13 * nano)
    expect(cost({ speed: 'fast' })).toBe(28 * nano)
    expect(cost({ speed: 'fast', inference_geo: 'us' })).toBe(29.8 * nano)
    expect(cost({ service_tier: 'flex' })).toBe(11.5 * nano)
    expect(cost({ service_tier: 'priority', inference_geo: 'us' })).toBe(16_600_000_000)
    expect(cost({ service_tier: 'constructor' })).toBe(13 * nano)
  })

  test.each([Number.NaN, -5, 1.5, Number.POSITIVE_INFINITY, 2 ** 60])(
    'the cost of a response ignores an impossible count: %d',
    (count) => {
      expect(toNanoCost({ ...none, input: count, output: million }, price)).toBe(15 * nano)
    },
  )

  test('the cost of a response is a safe integer for the largest counts', () => {
    const most = Number.MAX_SAFE_INTEGER
    const cost = toNanoCost({ ...none, input: most, output: most }, price)
    expect(cost).toBe(Number.MAX_SAFE_INTEGER)
  })
})

test('a model is priced if it has a price, or all its targets have one', () => {
  const target = { provider: 'p', model: 'm' }
  const own = { ...target, price }
  expect(isPriced({ id: 'm', price, targets: [target] })).toBe(true)
  expect(isPriced({ id: 'm', targets: [own, own] })).toBe(true)
  expect(isPriced({ id: 'm', targets: [own, target] })).toBe(false)
})
