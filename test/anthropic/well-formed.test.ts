import { describe, expect, test } from 'vitest'

import { mayContainLoneSurrogates, wellFormed } from '../../src/anthropic/request/well-formed.ts'

test('lone surrogates are replaced by U+FFFD at any depth, keys included', () => {
  const value = { a: ['x\ud83d', { '\udc00k': '\udc00y', n: 1, z: null }], b: 'fine 😀' }
  expect(wellFormed(value)).toEqual({ a: ['x�', { '�k': '�y', n: 1, z: null }], b: 'fine 😀' })
})

test('a well-formed value is returned as the same object', () => {
  const value = { a: ['😀', { b: true }] }
  expect(wellFormed(value)).toBe(value)
})

describe('JSON with lone surrogates', () => {
  test.each(['"\\uD83d"', '"\\udfFF"', '["\\\\ud83d \\udc00"]'])(
    'JSON with lone surrogates is detected by its escapes in any spelling: %s',
    (text) => expect(mayContainLoneSurrogates(text)).toBe(true),
  )

  test.each([{}, { a: '😀 � \n"\\' }, ['\u0000', 'é']])(
    'JSON with lone surrogates does not include %j',
    (value) => {
      expect(mayContainLoneSurrogates(JSON.stringify(value))).toBe(false)
    },
  )
})
