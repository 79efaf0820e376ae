/** The figures of docs/reference/limits.md, on the texts beside this file and on the sources of this project. */
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { describe, expect, test } from 'vitest'

import { estimateText } from '../../src/tokens/estimate.ts'
import { tokenizerNames } from '../../src/tokens/tokenizers.ts'
import counts from './corpus/counts.json'

const texts = import.meta.glob<string>('./corpus/*.txt', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const sources = import.meta.glob<string>(
  '../../src/{anthropic,dialects,streaming,upstream}/**/*.ts',
  {
    query: '?raw',
    import: 'default',
    eager: true,
  },
)

/** Of the mean over all texts. */
const MEAN_WITHIN = 0.05
const MEAN_ABOVE = -0.03
/** Of a single text of two or three kilobytes. */
const LOWEST = -0.12

const count = (text: string): number => countTokens(text, { disallowedSpecial: new Set() })

describe('the accuracy of the token estimate', () => {
  test.each(tokenizerNames)(
    'the accuracy of the token estimate is within the documented bounds for %s',
    (tokenizer) => {
      const errors = Object.entries(counts).map(([name, counted]) => {
        const truth = counted[tokenizer]
        return estimateText(texts[`./corpus/${name}`]!, tokenizer) / truth - 1
      })
      expect(errors).toHaveLength(Object.keys(texts).length)
      expect(Math.min(...errors)).toBeGreaterThan(LOWEST)
      expect(average(errors)).toBeLessThan(MEAN_WITHIN)
      expect(average(errors)).toBeGreaterThan(MEAN_ABOVE)
    },
  )

  test('the accuracy of the token estimate is within the documented bounds for the sources of this project', () => {
    const all = Object.values(sources).join('\n')
    const slices = Array.from({ length: Math.floor(all.length / 10_000) }, (_, index) =>
      all.slice(index * 10_000, (index + 1) * 10_000),
    )
    const errors = slices.map((text) => estimateText(text, 'gpt-5') / count(text) - 1)
    expect(errors.length).toBeGreaterThan(5)
    expect(Math.min(...errors)).toBeGreaterThan(LOWEST)
    expect(average(errors)).toBeLessThan(MEAN_WITHIN)
    expect(average(errors)).toBeGreaterThan(MEAN_ABOVE)
  })

  test('the accuracy of the token estimate is measured against true counts', () => {
    for (const [name, counted] of Object.entries(counts)) {
      expect(count(texts[`./corpus/${name}`]!), name).toBe(counted.o200k)
    }
  })
})

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
