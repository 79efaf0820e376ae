import { expect, test } from 'vitest'

import { wellFormed } from '../../src/anthropic/well-formed.ts'

test('lone surrogates become U+FFFD at any depth, also in keys', () => {
  const value = { a: ['x\ud83d', { '\udc00k': '\udc00y', n: 1, z: null }], b: 'fine 😀' }
  expect(read(value)).toEqual({ a: ['x�', { '�k': '�y', n: 1, z: null }], b: 'fine 😀' })
})

test.each(['"\\uD83d"', '"\\udfFF"', '["\\\\ud83d \\udc00"]'])(
  'in whatever way they are spelt: %s',
  (text) => {
    expect(JSON.stringify(wellFormed(JSON.parse(text), text))).not.toMatch(/[^\\]\\u[dD]/)
  },
)

test('a whole character may be spelt by two escapes', () => {
  const text = String.raw`{"a":"\ud83d\ude00"}`
  expect(wellFormed(JSON.parse(text), text)).toEqual({ a: '😀' })
})

test('what is well-formed is the same object', () => {
  const value = { a: ['😀', { b: true }] }
  expect(wellFormed(value, JSON.stringify(value))).toBe(value)
})

/** As a client's JSON gives it. */
function read(value: unknown): unknown {
  const text = JSON.stringify(value)
  return wellFormed(JSON.parse(text), text)
}
