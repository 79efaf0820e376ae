import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { Counter } from '../../src/tokens/counter.ts'
import { addUnknown } from '../../src/tokens/json.ts'
import { toTokenizer } from '../../src/tokens/tokenizers.ts'
import { unitsPerToken } from '../../src/tokens/weights.ts'
import type { Weights } from '../../src/tokens/weights.ts'
import { FIRST, toSights } from '../calibrate/features.ts'

const { weights } = toTokenizer('gpt')

function count(...texts: string[]): number {
  const counter = new Counter(weights)
  texts.forEach((text) => counter.add(text))
  return counter.total()
}

/** The slow way: every sight looked up by its number. */
function sum(text: string): number {
  return toSights(text).reduce((tokens, sight) => tokens + weightOf(sight) / unitsPerToken, 0)
}

function weightOf(sight: number): number {
  const kinds = Object.keys(FIRST) as (keyof Weights)[]
  const kind = kinds.findLast((name) => sight >= FIRST[name])!
  return weights[kind][sight - FIRST[kind]]!
}

describe('the token counter', () => {
  test('the token counter sums the fitted weights', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(count(text)).toBeCloseTo(sum(text), 6)
      }),
    )
  })

  test('the token counter counts a text identically in chunks and as a whole, however long it is', () => {
    const text = 'const größe = items.length // 件数 🎉\n'.repeat(3000)
    for (const cut of [1, 17, 16_384, 50_001]) {
      expect(count(text.slice(0, cut), text.slice(cut))).toBeCloseTo(count(text), 4)
    }
  })

  test('the token counter counts a JSON value as its serialization', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const counter = new Counter(weights)
        addUnknown(counter, value)
        expect(counter.total()).toBeCloseTo(count(JSON.stringify(value)), 6)
      }),
    )
  })
})
