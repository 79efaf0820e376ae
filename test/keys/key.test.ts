import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { hashKey, mintId, mintKey, parseKey } from '../../src/keys/key.ts'

/** A key that never changes, so that a change of the form is noticed. */
const sample = 'gw-abcdefghij-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg02OaqG'

describe('a gateway key', () => {
  test('a gateway key consists of gw, an id of ten base32 characters, and 49 base62 characters', () => {
    const id = mintId()
    expect(id).toMatch(/^[a-z2-7]{10}$/)
    expect(mintKey(id)).toMatch(new RegExp(`^gw-${id}-[0-9A-Za-z]{49}$`))
  })

  test('a gateway key contains its id', () => {
    const id = mintId()
    expect(parseKey(mintKey(id))).toBe(id)
  })

  test('a gateway key ends with the CRC-32 of all before it', () => {
    expect(parseKey(sample)).toBe('abcdefghij')
  })

  test('a gateway key differs from another one with the same id', () => {
    const id = mintId()
    expect(mintKey(id)).not.toBe(mintKey(id))
  })

  test('a gateway key is rejected if any character is changed', () => {
    const printable = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code))
    fc.assert(
      fc.property(fc.nat(sample.length - 1), printable, (at, character) => {
        fc.pre(sample[at] !== character)
        const changed = sample.slice(0, at) + character + sample.slice(at + 1)
        expect(parseKey(changed)).toBeUndefined()
      }),
      { numRuns: 2000 },
    )
  })

  test('a gateway key is rejected if two characters are swapped', () => {
    fc.assert(
      fc.property(fc.nat(sample.length - 2), (at) => {
        const [a, b] = [sample.charAt(at), sample.charAt(at + 1)]
        fc.pre(a !== b)
        expect(parseKey(sample.slice(0, at) + b + a + sample.slice(at + 2))).toBeUndefined()
      }),
    )
  })

  test('a gateway key is parsed from any string without an error', () => {
    fc.assert(fc.property(fc.string(), (text) => parseKey(text) === undefined))
  })

  test.each([
    '',
    'gw-',
    `${sample} `,
    ` ${sample}`,
    `${sample}\n`,
    sample.slice(0, -1),
    `${sample}0`,
  ])('a gateway key is rejected if it has another form: %j', (text) => {
    expect(parseKey(text)).toBeUndefined()
  })

  test('a gateway key is stored as its SHA-256 in hexadecimal', async () => {
    expect(await hashKey('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
  })
})
