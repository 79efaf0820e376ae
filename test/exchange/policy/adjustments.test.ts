import { expect, test } from 'vitest'

import type { Adjustment } from '../../../src/exchange/policy/adjustments.ts'
import { LearnedAdjustments } from '../../../src/exchange/policy/adjustments.ts'

function adjustment(id: string): Adjustment {
  return {
    id,
    isLasting: true,
    toClient: undefined,
    toUpstream: undefined,
    omittedBetas: undefined,
  }
}

test('adjustments are remembered for each target, once each, within bounds', () => {
  const learned = new LearnedAdjustments()
  learned.learn('a/m', adjustment('user'), 0)
  learned.learn('a/m', adjustment('user'), 0)
  expect(learned.of('a/m', 0).map(({ id }) => id)).toEqual(['user'])
  expect(learned.of('a/n', 0)).toEqual([])
  for (let index = 0; index < 20; index += 1) {
    learned.learn('a/m', adjustment(`f${index}`), 0)
  }
  expect(learned.of('a/m', 0)).toHaveLength(16)
  for (let index = 0; index < 500; index += 1) {
    learned.learn(`b/${index}`, adjustment('user'), 0)
  }
  expect(learned.of('a/m', 0)).toEqual([])
})

test('adjustments are remembered for ten minutes', () => {
  const learned = new LearnedAdjustments()
  learned.learn('a/m', adjustment('user'), 1000)
  expect(learned.of('a/m', 600_999)).toHaveLength(1)
  expect(learned.of('a/m', 601_000)).toEqual([])
})

test('an adjustment that depends on the request is not remembered', () => {
  const learned = new LearnedAdjustments()
  learned.learn('a/m', { ...adjustment('temperature'), isLasting: false }, 0)
  expect(learned.of('a/m', 0)).toEqual([])
})
