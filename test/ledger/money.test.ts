import { describe, expect, test } from 'vitest'

import { nanoPerUsd } from '../../src/catalog/price.ts'
import {
  describeNano,
  describeUsd,
  toHighestCosts,
  toNano,
  toPrice,
} from '../../src/ledger/money.ts'
import { toDecimal } from '../../src/ledger/usage/report.ts'

const none = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, thinking: 0 }

describe('money', () => {
  test('a cost is an integer of nano-dollars, whatever the price', () => {
    expect(toPrice({ input: 0.0375, output: 0.15 }, { ...none, input: 1000, output: 7 })).toBe(
      38_550,
    )
  })

  test('the cost of cached tokens is at the input price if the catalog has no other', () => {
    const usage = { ...none, input: 1, cacheRead: 10, cacheWrite: 100 }
    expect(toPrice({ input: 1, output: 5 }, usage)).toBe(111_000)
    expect(toPrice({ input: 1, output: 5, cache_read: 0.1, cache_write: 1.25 }, usage)).toBe(
      127_000,
    )
  })

  test('the sum of a million costs does not drift', () => {
    const cost = toPrice({ input: 0.1, output: 0.2 }, { ...none, input: 3, output: 3 })
    expect(cost * 1_000_000).toBe(0.9 * nanoPerUsd)
  })

  test('the cost of a model without a price is 0', () => {
    expect(toPrice(undefined, { ...none, input: 1e6 })).toBe(0)
  })

  test('the upper bound of a cost is the whole prompt at the highest rate, and max_tokens of output', () => {
    const price = { input: 1, output: 10, cache_read: 0.1 }
    expect(toHighestCosts([price], { input: 100, output: 10 })).toEqual({
      inputCost: 100_000,
      outputCost: 100_000,
    })
    const scaled = { ...price, multipliers: { speed: { fast: 6 } } }
    const terms = { speed: 'fast' }
    expect(toHighestCosts([scaled], { input: 100, output: 10, terms })).toEqual({
      inputCost: 600_000,
      outputCost: 600_000,
    })
  })

  test.each([
    ['the default rate of 1-hour writes', { cache_write: 1.25 }, 200_000],
    ['their own rate', { cache_write: 1.25, cache_write_1h: 3 }, 300_000],
    ['a read that is dearer than the prompt', { cache_read: 1.5 }, 150_000],
  ])('the upper bound of a cost considers %s', (_, rates, inputCost) => {
    const price = { input: 1, output: 10, ...rates }
    expect(toHighestCosts([price], { input: 100, output: 0 })).toEqual({ inputCost, outputCost: 0 })
  })

  test('the upper bound of a cost is in the tier of the prompt’s length, for the output too', () => {
    const tiers = [{ above_input_tokens: 200, input: 2, output: 15 }]
    const price = { input: 1, output: 10, tiers }
    expect([200, 201].map((input) => toHighestCosts([price], { input, output: 10 }))).toEqual([
      { inputCost: 200_000, outputCost: 100_000 },
      { inputCost: 402_000, outputCost: 150_000 },
    ])
  })

  test('the upper bound of a cost covers all targets, of which some may have no price', () => {
    const prices = [{ input: 1, output: 10 }, undefined, { input: 3, output: 5 }]
    expect(toHighestCosts(prices, { input: 100, output: 10 })).toEqual({
      inputCost: 300_000,
      outputCost: 100_000,
    })
    expect(toHighestCosts([undefined], { input: 100, output: 10 })).toEqual({
      inputCost: 0,
      outputCost: 0,
    })
  })

  test.each([
    [5 * nanoPerUsd, '$5.00'],
    [0, '$0.00'],
    [60_000, '$0.000060'],
  ])('a cost of %d nano-dollars is formatted as %s', (nano, formatted) => {
    expect(describeUsd(nano)).toBe(formatted)
  })

  test.each([
    [60_000, 9, '0.00006'],
    [12_000_000_000, 9, '12'],
    [0, 7, '0'],
    [-5, 1, '-0.5'],
    [100, 9, '0.0000001'],
    [2 ** 80, 9, '1208925819614629.174706176'],
  ])('a cost of %d nano-dollars with %d decimals is %s', (amount, places, formatted) => {
    expect(toDecimal(amount, places)).toBe(formatted)
  })

  test('a cost in a header has three decimals, rounded down', () => {
    expect([0, 60_000, 3_259_999_999].map(describeNano)).toEqual(['0.000', '0.000', '3.259'])
  })

  test('a cost that is parsed from dollars is exact', () => {
    expect([toNano(0.1), toNano(29.99)]).toEqual([100_000_000, 29_990_000_000])
  })
})
