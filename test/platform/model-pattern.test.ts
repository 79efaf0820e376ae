import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { matchesAny, matchWildcard } from '../../src/platform/model-pattern.ts'

describe('a wildcard in a model name', () => {
  test.each([
    ['*', 'anything', 'anything'],
    ['openai/*', 'openai/gpt-5.6', 'gpt-5.6'],
    ['openai/*', 'openai/', ''],
    ['a*c', 'abc', 'b'],
    ['a*c', 'ac', ''],
    ['a*a', 'a', undefined],
    ['openai/*', 'openrouter/x', undefined],
    ['exact', 'exact', ''],
    ['exact', 'exactly', undefined],
    ['a.c*', 'abc', undefined],
  ])('a wildcard in a model name matches: %s of %s: %s', (pattern, name, taken) => {
    expect(matchWildcard(pattern, name)).toBe(taken)
  })

  test.each([
    ['*-5*-mini', 'gpt-5.6-mini', true],
    ['*ab*ab*', 'abab', true],
    ['*ab*ab*', 'aab', false],
    ['a*b*c', 'abc', true],
    ['a*b*bc', 'abc', false],
    ['**', '', true],
  ])(
    'a model pattern with several wildcards is matched: %s against %s: %s',
    (pattern, name, fits) => {
      expect(matchesAny([pattern], name)).toBe(fits)
    },
  )

  test('a wildcard in a model name matches what an equivalent regular expression matches', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 8 })
    fc.assert(
      fc.property(text, text, (pattern, name) => {
        const meaning = pattern.replaceAll('.', '\\.').replaceAll('*', '.*')
        expect(matchesAny([pattern], name)).toBe(new RegExp(`^${meaning}$`).test(name))
      }),
      { numRuns: 2000 },
    )
  })
})
