import { expect, test } from 'vitest'

import { wellFormed } from '../../src/dialects/well-formed.ts'

test('lone surrogates become U+FFFD at any depth, also in keys', () => {
  const value = { a: ['x\ud83d', { '\udc00k': '\udc00y', n: 1, z: null }], b: 'fine 😀' }
  expect(wellFormed(value)).toEqual({ a: ['x�', { '�k': '�y', n: 1, z: null }], b: 'fine 😀' })
})

test('what is well-formed is the same object', () => {
  const value = { a: ['😀', { b: true }] }
  expect(wellFormed(value)).toBe(value)
})
