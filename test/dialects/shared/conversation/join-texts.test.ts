import { expect, test } from 'vitest'

import { joinTexts } from '../../../../src/dialects/shared/conversation/join-texts.ts'

test.each([
  [[], ''],
  [['one'], 'one'],
  [['one.', 'two.'], 'one.\n\ntwo.'],
  [['one.\n', 'two.'], 'one.\ntwo.'],
  [['one.', '\ntwo.'], 'one.\ntwo.'],
  [['', 'two.'], 'two.'],
])('separate texts are joined by line breaks unless they have their own: %j', (texts, joined) => {
  expect(joinTexts(texts)).toBe(joined)
})
