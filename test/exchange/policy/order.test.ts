import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { RankedTarget } from '../../../src/exchange/policy/order.ts'
import { orderTargets, spread } from '../../../src/exchange/policy/order.ts'

const namesOf = (targets: readonly RankedTarget[]): string[] => targets.map(({ name }) => name)

/** How many of 10,000 conversations each target is first for. */
function shares(targets: readonly RankedTarget[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (let at = 0; at < 10_000; at += 1) {
    const name = orderTargets(targets, `session-${at}`)[0]?.name ?? ''
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

describe('the order of targets', () => {
  test('the order of targets is that of the catalog if there are no weights', () => {
    const targets = [{ name: 'b' }, { name: 'a' }, { name: 'c' }]
    expect(namesOf(orderTargets(targets, 'any'))).toEqual(['b', 'a', 'c'])
  })

  test('the order of targets puts a lower priority first, whatever the weights', () => {
    const targets = [
      { name: 'last', priority: 2, weight: 100 },
      { name: 'first', priority: -1, weight: 1 },
      { name: 'middle' },
    ]
    expect(namesOf(orderTargets(targets, 'any'))).toEqual(['first', 'middle', 'last'])
  })

  test('the order of targets gives each target its share of the conversations', () => {
    const counts = shares([{ name: 'a', weight: 1 }, { name: 'b', weight: 3 }, { name: 'c' }])
    expect(counts['a']).toBeGreaterThan(1850)
    expect(counts['a']).toBeLessThan(2150)
    expect(counts['b']).toBeGreaterThan(5800)
    expect(counts['b']).toBeLessThan(6200)
  })

  test('the order of targets is the same for every request of a conversation', () => {
    fc.assert(
      fc.property(fc.string(), (conversation) => {
        const targets = [
          { name: 'a', weight: 1 },
          { name: 'b', weight: 2 },
          { name: 'c', weight: 3 },
        ]
        const order = namesOf(orderTargets(targets, conversation))
        expect(namesOf(orderTargets(targets.toReversed(), conversation))).toEqual(order)
      }),
    )
  })

  test('the order of targets moves only the conversations of a target that is removed', () => {
    const targets = ['a', 'b', 'c', 'd'].map((name) => ({ name, weight: 1 }))
    for (let at = 0; at < 1000; at += 1) {
      const [first, ...rest] = namesOf(orderTargets(targets, `session-${at}`))
      const without = targets.filter(({ name }) => name !== first)
      expect(namesOf(orderTargets(without, `session-${at}`))).toEqual(rest)
    }
  })

  test('the order of targets spreads secrets evenly', () => {
    const counts = { a: 0, b: 0 }
    for (let at = 0; at < 10_000; at += 1) {
      const [first] = spread(['a', 'b'] as const, `request-${at}`, (name) => name)
      counts[first ?? 'a'] += 1
    }
    expect(Math.abs(counts.a - counts.b)).toBeLessThan(400)
  })
})
