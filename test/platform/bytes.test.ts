import { randomBytes } from 'node:crypto'

import { expect, test } from 'vitest'

import { concatenate, fromBase64, toBase64, toHex } from '../../src/platform/bytes.ts'

test.each([0, 1, 2, 3, 100_000])(
  '%i bytes are encoded as Node encodes them, and decoded',
  (length) => {
    const bytes = randomBytes(length)
    expect(toHex(bytes)).toBe(bytes.toString('hex'))
    expect(toBase64(bytes)).toBe(bytes.toString('base64'))
    expect(fromBase64(toBase64(bytes))).toEqual(new Uint8Array(bytes))
  },
)

test('chunks are concatenated in order', () => {
  expect(concatenate([Uint8Array.of(1, 2), Uint8Array.of(), Uint8Array.of(3)])).toEqual(
    Uint8Array.of(1, 2, 3),
  )
})
