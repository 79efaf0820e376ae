import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { hashKey, mintId, mintKey, parseKey } from '../../src/keys/key.ts'

/** A key that never changes, so that a change of the form is noticed. */
const sample = 'gw-abcdefghij-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg02OaqG'

describe('the form of a key', () => {
  test('a minted key is gw, ten base32 characters of id, and 49 base62 characters', () => {
    const id = mintId()
    expect(id).toMatch(/^[a-z2-7]{10}$/)
    expect(mintKey(id)).toMatch(new RegExp(`^gw-${id}-[0-9A-Za-z]{49}$`))
  })

  test('a minted key tells its id', () => {
    const id = mintId()
    expect(parseKey(mintKey(id))).toBe(id)
  })

  test('the checksum is the CRC-32 of all before it', () => {
    expect(parseKey(sample)).toBe('abcdefghij')
  })

  test('two keys of one id differ', () => {
    const id = mintId()
    expect(mintKey(id)).not.toBe(mintKey(id))
  })

  test('any change of one character is refused', () => {
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

  test('two characters that changed places are refused', () => {
    fc.assert(
      fc.property(fc.nat(sample.length - 2), (at) => {
        const [a, b] = [sample.charAt(at), sample.charAt(at + 1)]
        fc.pre(a !== b)
        expect(parseKey(sample.slice(0, at) + b + a + sample.slice(at + 2))).toBeUndefined()
      }),
    )
  })

  test('any string is read without an error', () => {
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
  ])('what is not exactly a key is refused: %j', (text) => {
    expect(parseKey(text)).toBeUndefined()
  })

  test('what is stored of a key is its SHA-256 in hex', async () => {
    expect(await hashKey('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
  })
})
