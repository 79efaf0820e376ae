import { InvalidArgumentError } from 'commander'
import { describe, expect, test } from 'vitest'

import { addAmount, addBudget, toLimitsPatch } from '../../../src/cli/keys/options/limit-options.ts'

describe('the limit options of keys create and update', () => {
  test('the limit options of keys create and update limit the key by N, a model or wildcard by MODEL=N, and remove a limit by none', () => {
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

  test.each(['0', '-1', '1.5', 'many', ''])(
    'the limit options of keys create and update reject the limit %j',
    (text) => {
      expect(() => addAmount(text, undefined)).toThrow(InvalidArgumentError)
    },
  )

  test('the limit options of keys create and update accept --budget USD/PERIOD, repeated', () => {
    const budget = addBudget('none/week', addBudget('$0.50/day', undefined))
    expect(toLimitsPatch({ budget })).toEqual({
      budgets: [
        { usd: 0.5, period: 'day' },
        { usd: null, period: 'week' },
      ],
    })
  })

  test('the limit options of keys create and update accept --budget MODEL=USD/PERIOD for a model or wildcard', () => {
    const budget = addBudget('claude-opus-*=2/day', addBudget('5/day', undefined))
    expect(toLimitsPatch({ budget, hard: true })).toEqual({
      budgets: [{ usd: 5, period: 'day', hard: true }],
      models: { 'claude-opus-*': { budgets: [{ usd: 2, period: 'day', hard: true }] } },
    })
  })

  test('the limit options of keys create and update reject --hard and --until without --budget', () => {
    expect(() => toLimitsPatch({ hard: true })).toThrow('--budget')
    expect(() => toLimitsPatch({ until: '2099-01-01T00:00:00Z' })).toThrow('--budget')
  })

  test.each(['5', '5/hour', '0/day', '-1/day', 'five/day'])(
    'the limit options of keys create and update reject the budget %j',
    (text) => {
      expect(() => addBudget(text, undefined)).toThrow(InvalidArgumentError)
    },
  )
})
