import { describe, expect, test } from 'vitest'

import { ObjectExtent, toObjectText } from '../../../../src/dialects/shared/answer/object-text.ts'

describe('the extent of a JSON object in tool arguments', () => {
  test.each([
    ['a brace too many', ['{"a":', '1}', '}'], '{"a":1}'],
    ['a brace too many in the same delta', ['{"a":1}}'], '{"a":1}'],
    ['an end tag of the template', ['{"a":{"b":[1]}}', '\n</tool_call>'], '{"a":{"b":[1]}}'],
    ['a control token', ['{}<|call|>'], '{}'],
    ['a second object', ['{"a":1}', '{"b":2}'], '{"a":1}'],
  ])('the extent of a JSON object in tool arguments ends before %s', (_, deltas, expected) => {
    const extent = new ObjectExtent()
    expect(deltas.map((delta) => extent.clip(delta)).join('')).toBe(expected)
    expect(extent.isClosed).toBe(true)
  })

  test('the extent of a JSON object in tool arguments is not ended by braces and quotes inside a string', () => {
    const text = String.raw`{"a":"}\"}]","b":"\\"}`
    const extent = new ObjectExtent()
    expect(
      text
        .split('')
        .map((delta) => extent.clip(delta))
        .join(''),
    ).toBe(text)
  })
})

describe('tool arguments that do not begin with a brace', () => {
  test.each([
    ['null', ''],
    ['[]', ''],
    ['""', ''],
    ['"{\\"a\\":1}"', '{"a":1}'],
    ['"a":1}', '{"a":1}'],
    ['a":1}', '{"a":1}'],
    ['{{"a":1}', '{"a":1}'],
    ['<tool_call>{"a":1}</tool_call>', '{"a":1}'],
    ['```json\n{"a":1}\n```', '{"a":1}'],
    ['"a":9007199254740993}', '{"a":9007199254740993}'],
  ])(
    'tool arguments that do not begin with a brace are wrapped in an object: %s',
    (text, expected) => {
      expect(toObjectText(text)).toBe(expected)
    },
  )

  test.each(['hello', '[1]', '7', '"text"'])(
    'tool arguments that do not begin with a brace stay as received: %s',
    (text) => {
      expect(toObjectText(text)).toBe(text)
    },
  )
})
