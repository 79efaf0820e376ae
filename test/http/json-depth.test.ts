import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { isDeeperThan } from '../../src/http/json-depth.ts'

function depthOf(value: unknown): number {
  return typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
    : 0
}

describe('how deeply JSON is nested', () => {
  test('is what a walk over the value finds, whatever stands in its strings', () => {
    const strings = fc.oneof(fc.string(), fc.constantFrom('[', '{', '"', '\\', '\\"[', ']]]'))
    const json = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6 },
        strings,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(strings, tie('tree'), { maxKeys: 3 }),
      ),
    })).tree
    fc.assert(
      fc.property(json, (value) => {
        const text = JSON.stringify(value)
        const depth = depthOf(value)
        expect([isDeeperThan(text, depth), depth > 0 && isDeeperThan(text, depth - 1)]).toEqual([
          false,
          depth > 0,
        ])
      }),
    )
  })

  test('is told of what is no JSON, too', () => {
    expect(isDeeperThan('[[["', 5)).toBe(false)
    expect(isDeeperThan('["\\', 5)).toBe(false)
    expect(isDeeperThan('[[[[[[', 5)).toBe(true)
  })
})
