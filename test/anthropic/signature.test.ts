import fc from 'fast-check'
import { expect, test } from 'vitest'

import { isPortable, readSignature, toSignature } from '../../src/anthropic/signature.ts'

test('any origin comes back as it was', () => {
  fc.assert(
    fc.property(
      fc.record({
        d: fc.string(),
        p: fc.string(),
        m: fc.string(),
        f: fc.string({ unit: 'grapheme' }),
        s: fc.jsonValue(),
      }),
      (origin) => {
        const signature = toSignature(origin)
        expect(signature).toMatch(/^gw1\.[A-Za-z0-9_-]+$/)
        expect(readSignature(signature)).toEqual(JSON.parse(JSON.stringify(origin)))
      },
    ),
  )
})

test('a long payload survives', () => {
  const origin = { d: 'd', p: 'p', m: 'm', f: 'f', s: 'é'.repeat(200_000) }
  expect(readSignature(toSignature(origin))).toEqual(origin)
})

test.each([[''], ['abc'], ['gw1.'], ['gw1.%%%'], ['gw1.e30'], [null], [undefined]])(
  'what is not ours or damaged reads as nothing: %s',
  (signature) => {
    expect(readSignature(signature)).toBeUndefined()
  },
)

test('only ours are portable', () => {
  expect([isPortable('gw1.x'), isPortable('EqQB'), isPortable(undefined)]).toEqual([
    true,
    false,
    false,
  ])
})
