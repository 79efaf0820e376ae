import { describe, expect, test } from 'vitest'

import { diffLines } from '../../src/console/client/editor/diff.ts'

describe('the difference of two texts', () => {
  test('the difference of two texts is the list of added and removed lines, in order', () => {
    const lines = diffLines('a\nb\nc\nd', 'a\nc\nx\nd')
    expect(lines.map(({ kind, text }) => `${kind[0]} ${text}`)).toEqual([
      's a',
      'r b',
      's c',
      'a x',
      's d',
    ])
  })

  test('the difference of two texts restores both texts, also for very different ones', () => {
    const texts = [
      '',
      'a',
      'a\na',
      'b\na\nc',
      Array.from({ length: 3000 }, (_, at) => at).join('\n'),
    ]
    for (const before of texts) {
      for (const after of texts) {
        const lines = diffLines(before, after)
        const without = (kind: string): string =>
          lines
            .filter((line) => line.kind !== kind)
            .map(({ text }) => text)
            .join('\n')
        expect(without('added')).toBe(before)
        expect(without('removed')).toBe(after)
      }
    }
  })
})
