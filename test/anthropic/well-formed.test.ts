import { describe, expect, test } from 'vitest'

import { mayContainLoneSurrogates, wellFormed } from '../../src/anthropic/request/well-formed.ts'

test('lone surrogates become U+FFFD at any depth, also in keys', () => {
  const value = { a: ['x\ud83d', { '\udc00k': '\udc00y', n: 1, z: null }], b: 'fine 😀' }
  expect(wellFormed(value)).toEqual({ a: ['x�', { '�k': '�y', n: 1, z: null }], b: 'fine 😀' })
})

test('what is well-formed is the same object', () => {
  const value = { a: ['😀', { b: true }] }
  expect(wellFormed(value)).toBe(value)
})

describe('JSON that says half a character', () => {
  test.each(['"\\uD83d"', '"\\udfFF"', '["\\\\ud83d \\udc00"]'])(
    'is told by its escapes, however they are written: %s',
    (text) => expect(mayContainLoneSurrogates(text)).toBe(true),
  )

  test.each([{}, { a: '😀 � \n"\\' }, ['\u0000', 'é']])('is not %j', (value) => {
    expect(mayContainLoneSurrogates(JSON.stringify(value))).toBe(false)
  })
})
