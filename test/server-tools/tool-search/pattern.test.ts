import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { PatternError } from '../../../src/server-tools/tool-search/parse-pattern.ts'
import { Pattern } from '../../../src/server-tools/tool-search/pattern.ts'
import { growthOf } from '../../support/growth.ts'

const occurs = (pattern: string, text: string): boolean =>
  new Pattern(pattern).occursIn(text, () => {})

describe('a pattern', () => {
  test.each([
    ['weather', 'get_weather', true],
    ['Weather', 'get_weather', false],
    ['(?i)Weather', 'get_weather', true],
    ['^get_', 'forget_x', false],
    ['get_.*data$', 'get_user_data', true],
    [String.raw`database.*query|query.*database`, 'query the database', true],
    [String.raw`\bsql\b`, 'run sql now', true],
    [String.raw`\bsql\b`, 'mysql', false],
    ['a{2,3}b', 'aab', true],
    ['^a{2}$', 'aaa', false],
    ['(?P<verb>get|set)_[a-c]+', 'set_cab', true],
    ['[^a-z_]', 'get_weather', false],
    [String.raw`[\w.]+@`, 'me@x', true],
    ['a{', 'a{', true],
    ['😀?x', '😀x', true],
    ['', 'anything', true],
  ])('a pattern is searched as in Python: %j in %j: %s', (pattern, text, found) => {
    expect(occurs(pattern, text)).toBe(found)
  })

  test.each([
    '(',
    'a)',
    '[a',
    '*a',
    'a**',
    '(?=a)',
    '(?<=a)b',
    String.raw`(a)\1`,
    'a{1000}',
    '((a{99}){99}){99}',
  ])(
    'a pattern that is malformed or cannot be matched in linear time is rejected: %j',
    (pattern) => {
      expect(() => new Pattern(pattern)).toThrow(PatternError)
    },
  )

  test('a pattern finds what the platform’s regular expressions find', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '.',
      'a*',
      'b+',
      '(a|b)',
      '(ab)?',
      '[ab]',
      '[^a]',
      '^',
      '$',
      '|',
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 6 }),
        fc.array(fc.constantFrom('a', 'b', 'c')),
        (pieces, letters) => {
          const pattern = pieces.join('')
          const text = letters.join('')
          expect(occurs(pattern, text)).toBe(new RegExp(pattern).test(text))
        },
      ),
    )
  })

  test.each(['(a|a)*b', '(a*)*b', '(a+)+$', '(.*)(.*)(.*)z'])(
    'a pattern takes linear time: %j',
    (pattern) => {
      const prepare = (size: number) => () => occurs(pattern, 'a'.repeat(size))
      expect(growthOf(5000, prepare)).toBeLessThan(3.5)
    },
  )
})
