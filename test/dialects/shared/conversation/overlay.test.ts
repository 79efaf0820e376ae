import { expect, test } from 'vitest'

import { atPath, overlay } from '../../../../src/dialects/shared/conversation/overlay.ts'

test('objects merge, all else is replaced, and neither side changes', () => {
  const under = { a: { b: 1, c: [1] }, d: 1 }
  const over = { a: { b: 2, c: [2] }, d: null, e: { f: 1 } }
  expect(overlay(under, over)).toEqual({ a: { b: 2, c: [2] }, d: null, e: { f: 1 } })
  expect(under).toEqual({ a: { b: 1, c: [1] }, d: 1 })
})

test('a dotted path makes nested objects', () => {
  expect(atPath('a.b.c', 1)).toEqual({ a: { b: { c: 1 } } })
})
