import { InvalidArgumentError } from 'commander'
import { describe, expect, test } from 'vitest'

import { addAmount, addBudget, toLimitsPatch } from '../../src/cli/keys/limit-options.ts'

describe('how limits are written on the command line', () => {
  test('a number is of the key, MODEL=N of a model or wildcard, and none takes away', () => {
    const rpm = ['50', 'claude-opus-*=10', 'x=y=3'].reduce<
      ReturnType<typeof addAmount> | undefined
    >((before, text) => addAmount(text, before), undefined)
    expect(
      toLimitsPatch({ rpm: rpm ?? {}, itpm: addAmount('none', undefined), strict: false }),
    ).toEqual({
      rpm: 50,
      itpm: null,
      models: { 'claude-opus-*': { rpm: 10 }, 'x=y': { rpm: 3 } },
      strict: null,
    })
  })

  test.each(['0', '-1', '1.5', 'many', ''])('a limit of %j is refused', (text) => {
    expect(() => addAmount(text, undefined)).toThrow(InvalidArgumentError)
  })

  test('a budget is dollars a period, and repeated options add up', () => {
    const budget = addBudget('none/week', addBudget('$0.50/day', undefined))
    expect(toLimitsPatch({ budget })).toEqual({
      budgets: [
        { usd: 0.5, period: 'day' },
        { usd: null, period: 'week' },
      ],
    })
  })

  test.each(['5', '5/hour', '0/day', '-1/day', 'five/day'])('a budget of %j is refused', (text) => {
    expect(() => addBudget(text, undefined)).toThrow(InvalidArgumentError)
  })
})
