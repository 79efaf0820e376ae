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
  learned.learn('a/m', adjustment('user'))
  learned.learn('a/m', adjustment('user'))
  expect(learned.of('a/m').map(({ id }) => id)).toEqual(['user'])
  expect(learned.of('a/n')).toEqual([])
  for (let index = 0; index < 20; index += 1) {
    learned.learn('a/m', adjustment(`f${index}`))
  }
  expect(learned.of('a/m')).toHaveLength(16)
  for (let index = 0; index < 500; index += 1) {
    learned.learn(`b/${index}`, adjustment('user'))
  }
  expect(learned.of('a/m')).toEqual([])
})
