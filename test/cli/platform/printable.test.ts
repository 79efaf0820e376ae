import { expect, test } from 'vitest'

import { printable, printableJson } from '../../../src/cli/platform/printable.ts'
import { toTable } from '../../../src/cli/platform/table.ts'

const hostile = 'first\r\nsecond \u001b[7mwhite\u009b1m \u202eabc\u2028\u{e0041}'

test('a name cannot end a line, recolor a terminal or reverse what follows it', () => {
  expect(printable(hostile)).toBe(
    String.raw`first\u000d\u000asecond \u001b[7mwhite\u009b1m \u202eabc\u2028\udb40\udc41`,
  )
  expect(printable('Zoë 李 🙂')).toBe('Zoë 李 🙂')
})

test('JSON escaped for a terminal parses to the same value', () => {
  const value = { name: hostile, list: [1, { deep: '\u009b' }] }
  for (const text of [printableJson(value), printableJson(value, 2)]) {
    expect(JSON.parse(text)).toEqual(value)
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  }
})

test('a table escapes its cells before it aligns them', () => {
  expect(toTable(['name', 'x'], [['a\tb', '1']])).toBe('name      x\na\\u0009b  1')
})
