import fc from 'fast-check'
import { expect, test } from 'vitest'

import { isPortable, readSignature, toSignature } from '../../src/anthropic/signature.ts'

test('any origin survives a round trip through a signature', () => {
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

test('a long payload survives a round trip through a signature', () => {
  const origin = { d: 'd', p: 'p', m: 'm', f: 'f', s: 'é'.repeat(200_000) }
  expect(readSignature(toSignature(origin))).toEqual(origin)
})

test.each([[''], ['abc'], ['gw1.'], ['gw1.%%%'], ['gw1.e30'], [null], [undefined]])(
  'a foreign or damaged signature has no origin: %s',
  (signature) => {
    expect(readSignature(signature)).toBeUndefined()
  },
)

test('only signatures of the gateway are recognized as portable', () => {
  expect([isPortable('gw1.x'), isPortable('EqQB'), isPortable(undefined)]).toEqual([
    true,
    false,
    false,
  ])
})
