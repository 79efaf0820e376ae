import { expect, test } from 'vitest'

import { createReport } from '../../../src/anthropic/report.ts'
import type { Adjustment } from '../../../src/exchange/policy/adjustments.ts'
import {
  LearnedAdjustments,
  adjustBetas,
  adjustClient,
  adjustUpstream,
} from '../../../src/exchange/policy/adjustments.ts'

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

test('what the client sent is adjusted by one after the other, and is the same object without any', () => {
  const json = { a: 1 }
  const report = createReport()
  expect(adjustClient(json, [adjustment('none')], report)).toBe(json)
  const add = (name: string): Adjustment => ({
    ...adjustment(name),
    toClient: (given, reporting) => {
      reporting.drop(name)
      return { ...given, [name]: true }
    },
  })
  expect(adjustClient(json, [add('b'), adjustment('none'), add('c')], report)).toEqual({
    a: 1,
    b: true,
    c: true,
  })
  expect(report.adaptations.map(({ field }) => field)).toEqual(['b', 'c'])
})

test('the upstream’s request is adjusted with what the client asked', () => {
  const upstream = {
    path: '/',
    body: {},
    stream: false,
    toolNames: new Map<string, string>(),
    enforceStops: [],
  }
  const enforce: Adjustment = {
    ...adjustment('stop'),
    toUpstream: (given, { stop_sequences: stops }) => ({ ...given, enforceStops: stops ?? [] }),
  }
  const report = createReport()
  const asked = { stop_sequences: ['x'] }
  expect(adjustUpstream(upstream, [adjustment('none')], asked, report)).toBe(upstream)
  expect(adjustUpstream(upstream, [enforce], asked, report).enforceStops).toEqual(['x'])
})

test.each<[string | null, (readonly string[] | 'all' | undefined)[], string | null, string[]]>([
  [null, ['all'], null, []],
  ['a, b', [undefined], 'a, b', []],
  ['a, b ,c', [['b']], 'a,c', ['betas.b']],
  ['a,b', [['b'], ['a', 'x']], '', ['betas.a', 'betas.b']],
  ['a,,b', ['all'], '', ['betas.a', 'betas.b']],
])('of the betas %s without %j are left %s', (header, omitted, left, reported) => {
  const report = createReport()
  const adjustments = omitted.map((omittedBetas) => ({ ...adjustment('beta'), omittedBetas }))
  expect(adjustBetas(header, adjustments, report)).toBe(left)
  expect(report.adaptations.map(({ field }) => field)).toEqual(reported)
})
