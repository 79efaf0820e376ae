import { expect, test } from 'vitest'

import { wellFormed } from '../../src/anthropic/request/well-formed.ts'

test('lone surrogates are replaced by U+FFFD at any depth, keys included', () => {
  const value = { a: ['x\ud83d', { '\udc00k': '\udc00y', n: 1, z: null }], b: 'fine 😀' }
  expect(wellFormed(value)).toEqual({ a: ['x�', { '�k': '�y', n: 1, z: null }], b: 'fine 😀' })
})

test('a well-formed value is returned as the same object', () => {
  const value = { a: ['😀', { b: true }] }
  expect(wellFormed(value)).toBe(value)
})
