import { describe, expect, test } from 'vitest'

import { checkDates, keyInput, toChangedFields, toNewFields } from '../../src/keys/fields.ts'
import { applyLimits, InvalidChange, limitsPatch } from '../../src/keys/limits-patch.ts'

const now = new Date('2026-11-28T00:00:00Z')

test('a new key has defaults for what is not given', () => {
  expect(toNewFields('n', {})).toEqual({
    name: 'n',
    expires_at: null,
    models: ['*'],
    scopes: ['inference'],
    limits: {},
    metadata: {},
    group_id: undefined,
  })
  const given = {
    expires_at: '2027-01-01T00:00:00Z',
    models: ['a'],
    scopes: ['admin' as const],
    metadata: { team: 'x' },
    group_id: 'g',
  }
  expect(toNewFields('n', { ...given, limits: { rpm: 1, itpm: null } })).toEqual({
    name: 'n',
    ...given,
    limits: { rpm: 1 },
  })
})

test('a change keeps what it does not name, and null removes a group', () => {
  const fields = toNewFields('n', { limits: { rpm: 1, otpm: 2 }, models: ['a'], group_id: 'g' })
  expect(toChangedFields(fields, { name: undefined })).toEqual(fields)
  expect(
    toChangedFields(fields, {
      name: 'm',
      limits: { rpm: null },
      group_id: null,
      metadata: undefined,
    }),
  ).toEqual({ ...fields, name: 'm', limits: { otpm: 2 }, group_id: undefined })
  expect(toChangedFields(fields, { group_id: 'h' }).group_id).toBe('h')
})

describe('a date in the past', () => {
  const past = '2026-11-27T23:59:30Z'
  const aMomentAgo = '2026-11-27T23:59:31Z'
  const future = '2026-11-28T00:00:01Z'
  const budgets = (until: string | undefined) => [{ usd: 1, period: 'day' as const, until }]

  test.each([
    [{ expires_at: past }, `expires_at: ${past} is in the past.`],
    [{ limits: { budgets: budgets(past) } }, `until: ${past} is in the past.`],
    [
      { limits: { budgets: budgets(future), models: { a: null, b: { budgets: budgets(past) } } } },
      `until: ${past} is in the past.`,
    ],
  ])('an expiration in the past is rejected: %j', (input, message) => {
    expect(() => checkDates(input, now)).toThrow(new InvalidChange(message))
  })

  test.each([
    {},
    { expires_at: null },
    { expires_at: future },
    { expires_at: aMomentAgo },
    { limits: { budgets: budgets(undefined), models: { a: null, b: {} } } },
    { limits: { budgets: budgets(future) } },
  ])('an expiration of %j is not in the past', (input) => {
    expect(() => checkDates(input, now)).not.toThrow()
  })
})

test.each<object>([
  { name: '' },
  { name: 'x'.repeat(101) },
  { models: [] },
  { models: [''] },
  { scopes: [] },
  { scopes: ['all'] },
  { expires_at: 'soon' },
  { odd: 1 },
  { metadata: { a: 1 } },
  { limits: { rpm: 0 } },
  { limits: { rpm: 1.5 } },
  { limits: { odd: 1 } },
  { limits: { models: { '': {} } } },
  { limits: { budgets: [{ usd: 0, period: 'day' }] } },
])('%j is no input for a key', (input) => {
  expect(keyInput.safeParse(input).success).toBe(false)
})

describe('a patch of limits', () => {
  const limits = applyLimits(
    {},
    {
      rpm: 5,
      budgets: [
        { usd: 10, period: 'day', hard: true },
        { usd: 20, period: 'week' },
      ],
      models: { 'a-*': { itpm: 9, budgets: [{ usd: 3, period: 'day' }] }, b: { rpm: 1 } },
    },
  )

  test('a patch of limits without fields changes nothing', () => {
    expect(applyLimits(limits, {})).toEqual(limits)
    expect(limits).toEqual({
      rpm: 5,
      budgets: [
        { usd: 10, period: 'day', hard: true },
        { usd: 20, period: 'week' },
      ],
      models: { 'a-*': { itpm: 9, budgets: [{ usd: 3, period: 'day' }] }, b: { rpm: 1 } },
    })
  })

  test('a patch of limits sets what it has, and removes what is null', () => {
    const changed = applyLimits(limits, {
      rpm: null,
      otpm: 7,
      strict: false,
      models: { 'a-*': { itpm: null, concurrency: 2 }, b: null, c: {} },
    })
    expect(changed).toEqual({
      otpm: 7,
      strict: false,
      budgets: limits.budgets,
      models: { 'a-*': { concurrency: 2, budgets: [{ usd: 3, period: 'day' }] } },
    })
  })

  test('a patch of limits removes a model of which nothing is left', () => {
    expect(applyLimits(limits, { models: { b: { rpm: null } } }).models).not.toHaveProperty('b')
  })

  test('a patch of limits changes the budget of a period, which keeps whether it is hard', () => {
    const budgets = (usd: number | null, more: object = {}) =>
      applyLimits(limits, { budgets: [{ usd, period: 'day', ...more }] }).budgets
    expect(budgets(11)).toEqual([
      { usd: 20, period: 'week' },
      { usd: 11, period: 'day', hard: true },
    ])
    expect(budgets(11, { hard: null })).toEqual([
      { usd: 20, period: 'week' },
      { usd: 11, period: 'day' },
    ])
    expect(budgets(11, { hard: false })?.at(-1)).toEqual({ usd: 11, period: 'day' })
    expect(budgets(null)).toEqual([{ usd: 20, period: 'week' }])
  })

  test('a patch of limits raises a budget until a date, and there must be one', () => {
    const until = '2026-12-01T00:00:00Z'
    const raised = applyLimits(limits, { budgets: [{ usd: 30, period: 'week', until }] })
    expect(raised.budgets?.at(-1)).toEqual({ usd: 20, period: 'week', raise: { usd: 30, until } })
    expect(() => applyLimits(limits, { budgets: [{ usd: 1, period: 'month', until }] })).toThrow(
      'There is no budget for the period month to raise until 2026-12-01T00:00:00Z; set one first.',
    )
  })

  test('a patch of limits names a period once', () => {
    const twice = [
      { usd: 1, period: 'day' as const },
      { usd: 2, period: 'day' as const },
    ]
    expect(() => applyLimits(limits, { budgets: twice })).toThrow(InvalidChange)
    expect(() => applyLimits(limits, { budgets: twice })).toThrow('a period can have only one')
  })

  test('a patch of limits may have every field', () => {
    const patch = {
      count_tokens_rpm: 1,
      concurrency: null,
      on_ledger_failure: 'deny',
      strict: null,
    }
    expect(limitsPatch.parse(patch)).toEqual(patch)
  })
})
