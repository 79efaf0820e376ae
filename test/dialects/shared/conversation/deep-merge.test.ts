import { expect, test } from 'vitest'

import { atPath, deepMerge } from '../../../../src/dialects/shared/conversation/deep-merge.ts'

test('a deep merge merges objects, replaces everything else, and mutates neither side', () => {
  const under = { a: { b: 1, c: [1] }, d: 1 }
  const over = { a: { b: 2, c: [2] }, d: null, e: { f: 1 } }
  expect(deepMerge(under, over)).toEqual({ a: { b: 2, c: [2] }, d: null, e: { f: 1 } })
  expect(under).toEqual({ a: { b: 1, c: [1] }, d: 1 })
})

test('a dotted path creates nested objects', () => {
  expect(atPath('a.b.c', 1)).toEqual({ a: { b: { c: 1 } } })
})
