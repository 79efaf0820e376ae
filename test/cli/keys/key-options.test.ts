import { InvalidArgumentError } from 'commander'
import { describe, expect, test } from 'vitest'

import {
  addList,
  addPair,
  toDuration,
  toExpiry,
  toKeyInput,
} from '../../../src/cli/keys/options/key-options.ts'
import { UserError } from '../../../src/cli/platform/run-command.ts'

const now = new Date('2026-11-25T12:00:00.000Z')

describe('the options of keys create and update', () => {
  test.each([
    ['90m', '2026-11-25T13:30:00.000Z'],
    ['12h', '2026-11-26T00:00:00.000Z'],
    ['30d', '2026-12-25T12:00:00.000Z'],
    ['2w', '2026-12-09T12:00:00.000Z'],
    ['2027-01-31', '2027-01-31T00:00:00.000Z'],
    ['2027-01-31T10:00:00+02:00', '2027-01-31T08:00:00.000Z'],
  ])('--expires %s means %s', (text, expected) => {
    expect(toExpiry(text, now).toISOString()).toBe(expected)
  })

  test.each(['', '30', '30 d', 'tomorrow', '2027-13-01', '2026-11-25', '0d', '1y'])(
    '--expires %j is rejected',
    (text) => {
      expect(() => toExpiry(text, now)).toThrow(UserError)
    },
  )

  test('a field without an option is absent', () => {
    expect(toKeyInput({ name: 'ci' }, now)).toEqual({ name: 'ci' })
    expect(toKeyInput({}, now)).toEqual({})
  })

  test('--expires never means no expiration', () => {
    expect(toKeyInput({ expires: 'never' }, now)).toEqual({ expires_at: null })
  })

  test('--name must have 1 to 100 characters', () => {
    expect(() => toKeyInput({ name: '' }, now)).toThrow(UserError)
    expect(() => toKeyInput({ name: 'x'.repeat(101) }, now)).toThrow(UserError)
  })

  test.each([
    ['0s', 0],
    ['15m', 900_000],
    ['24h', 86_400_000],
    ['soon', undefined],
  ])('the duration %s is parsed to %j ms', (text, expected) => {
    expect(toDuration(text)).toBe(expected)
  })

  test('lists are separated by commas, and repeated options accumulate', () => {
    expect(addList('a, b,', addList('c', undefined))).toEqual(['c', 'a', 'b'])
  })

  test('--metadata is NAME=VALUE, and the value may contain any character', () => {
    expect(addPair('a=b=c', { d: '' })).toEqual({ d: '', a: 'b=c' })
    expect(() => addPair('a', undefined)).toThrow(InvalidArgumentError)
  })
})
