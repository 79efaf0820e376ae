import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { toSentences } from '../../src/citations/sentences.ts'
import { growthOf } from '../support/growth.ts'

describe('sentences of a document', () => {
  test.each([
    ['The grass is green. The sky is blue.', ['The grass is green. ', 'The sky is blue.']],
    [
      'Is it? Yes, it is! "Good." (Really.) End',
      ['Is it? ', 'Yes, it is! ', '"Good." (Really.) ', 'End'],
    ],
    [
      'It costs 3.5 dollars, e.g. here. Next one.',
      ['It costs 3.5 dollars, e.g. here. ', 'Next one.'],
    ],
    ['Dr. Smith left. He ran.', ['Dr. Smith left. ', 'He ran.']],
    ['吾輩は猫である。名前はまだ無い。', ['吾輩は猫である。', '名前はまだ無い。']],
    [
      '# Title\nThe first line here\n\nThe second.',
      ['# Title\nThe first line here\n\n', 'The second.'],
    ],
    ['Wait... what now? 😀 Fine.', ['Wait... what now? ', '😀 Fine.']],
    ['No end', ['No end']],
    [' \n ', [' \n ']],
    ['', []],
  ])('the sentences of a document are found: %j', (text, sentences) => {
    expect(toSentences(text)).toStrictEqual(sentences)
  })

  test('the sentences of a document add up to its text, and none is longer than can be cited', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 5000 }), (text) => {
        expect(toSentences(text).join('')).toBe(text)
      }),
    )
    expect(toSentences('😀'.repeat(3000)).map(({ length }) => length)).toStrictEqual([
      2000, 2000, 2000,
    ])
  })

  test.each(['a', '.', '. ', '\n', '1. ', '。', ' '])(
    'sentences of a document take linear time: %j',
    (text) => {
      const prepare = (size: number) => () => toSentences(text.repeat(size))
      expect(growthOf(100_000, prepare)).toBeLessThan(3.5)
    },
  )
})
