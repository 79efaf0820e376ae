import { describe, expect, test } from 'vitest'

import { rank } from '../../../src/server-tools/tool-search/rank.ts'

const texts = [
  'getWeather\nReads the weather of a city',
  'send_mail\nSends a mail',
  'list_cities\nAll cities',
]

describe('tools ranked by a query', () => {
  test('tools ranked by a query are found by words of their names, in whatever case they are written', () => {
    expect(rank('weather', texts, 5)).toStrictEqual([0])
    expect(rank('Send MAIL', texts, 5)).toStrictEqual([1])
    expect(rank('city cities', texts, 5)).toStrictEqual([2, 0])
  })

  test('tools ranked by a query are no more than asked for, and none without a word in common', () => {
    expect(rank('a all', texts, 1)).toHaveLength(1)
    expect(rank('nothing', texts, 5)).toStrictEqual([])
    expect(rank('!?', texts, 5)).toStrictEqual([])
    expect(rank('x', [], 5)).toStrictEqual([])
  })
})
