import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { exceededBound, inspectJson } from '../../src/exchange/request/json-bounds.ts'

function depthOf(value: unknown): number {
  return typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
    : 0
}

function countOf(value: unknown): number {
  return typeof value === 'object' && value !== null
    ? Object.values(value).reduce((sum: number, each) => sum + countOf(each), 1)
    : 1
}

const unlimited = Number.POSITIVE_INFINITY

function arbitraryJson(): fc.Arbitrary<unknown> {
  const strings = fc.oneof(fc.string(), fc.constantFrom('[', '{', '"', '\\', '\\"[', ']]]', ','))
  return fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      strings,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(strings, tie('tree'), { maxKeys: 3 }),
    ),
  })).tree
}

describe('the depth and the number of values of a JSON text', () => {
  test('the depth and the number of values of a JSON text include the depth of the parsed value, whatever its strings contain', () => {
    fc.assert(
      fc.property(arbitraryJson(), (value) => {
        const text = JSON.stringify(value)
        const depth = depthOf(value)
        const exceeds = (maxDepth: number): string | undefined =>
          exceededBound(text, { maxDepth, maxValues: unlimited })
        expect([exceeds(depth), depth > 0 ? exceeds(depth - 1) : 'maxDepth']).toEqual([
          undefined,
          'maxDepth',
        ])
      }),
    )
  })

  test('the depth and the number of values of a JSON text are never below the number of parsed values, and count containers at most twice', () => {
    fc.assert(
      fc.property(arbitraryJson(), (value) => {
        const text = JSON.stringify(value)
        const count = countOf(value)
        const exceeds = (maxValues: number): string | undefined =>
          exceededBound(text, { maxDepth: unlimited, maxValues })
        expect(exceeds(count - 1)).toBe(count === 0 ? undefined : 'maxValues')
        expect(exceeds(2 * count)).toBeUndefined()
      }),
    )
  })

  test('the depth and the number of values of a JSON text are found for a text that is not JSON, too', () => {
    expect(exceededBound('[[["', { maxDepth: 5, maxValues: 9 })).toBeUndefined()
    expect(exceededBound('["\\', { maxDepth: 5, maxValues: 9 })).toBeUndefined()
    expect(exceededBound('[[[[[[', { maxDepth: 5, maxValues: 9 })).toBe('maxDepth')
    expect(exceededBound(',,,,,,', { maxDepth: 5, maxValues: 5 })).toBe('maxValues')
  })
})

describe('the inspection of parsed JSON', () => {
  test('finds the bounds exceeded that its text exceeds', () => {
    fc.assert(
      fc.property(
        arbitraryJson(),
        fc.nat(4),
        fc.integer({ min: 1, max: 12 }),
        (value, maxDepth, maxValues) => {
          const text = JSON.stringify(value)
          for (const bounds of [
            { maxDepth, maxValues: unlimited },
            { maxDepth: unlimited, maxValues },
          ]) {
            const { exceeded } = inspectJson(JSON.parse(text), bounds)
            expect(exceeded).toBe(exceededBound(text, bounds))
          }
        },
      ),
    )
  })

  test('ends at the maximal depth, however deep the rest is', () => {
    const json: unknown = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000))
    expect(inspectJson(json, { maxDepth: 256, maxValues: unlimited }).exceeded).toBe('maxDepth')
  })

  test.each<[unknown, boolean]>([
    [{ a: ['x', { b: 'y\ud83d' }] }, false],
    [[{ '\udc00': 1 }], false],
    ['\udfff', false],
    [['\udc00\ud83d'], false],
    [{ a: '😀 \ufffd \n"\\ud83d' }, true],
    [['\u0000', 'é', { '😀': null }], true],
    [{}, true],
  ])('finds lone surrogates in strings and keys: %j', (value, isWellFormed) => {
    const json: unknown = JSON.parse(JSON.stringify(value))
    expect(inspectJson(json, { maxDepth: 9, maxValues: 9 })).toMatchObject({ isWellFormed })
  })
})
