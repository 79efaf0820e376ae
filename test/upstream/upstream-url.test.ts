import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { toUpstreamUrl } from '../../src/upstream/upstream-url.ts'

const place = { provider: 'p', baseUrl: 'https://host.example/v1beta' }

test.each([
  [
    '/models/gemini-3:generateContent',
    'https://host.example/v1beta/models/gemini-3:generateContent',
  ],
  ['/a/b..c/...', 'https://host.example/v1beta/a/b..c/...'],
  ['/x?alt=sse&path=../y', 'https://host.example/v1beta/x?alt=sse&path=../y'],
  ['/../tokenize', 'https://host.example/v1beta/../tokenize'],
])('the path %s is joined to the base URL', (path, url) => {
  expect(toUpstreamUrl(place, path)).toBe(url)
})

test.each([
  '/models/../admin',
  '/models/..',
  '/models/./x',
  '/models/%2e%2E/x',
  '/models/.%2e/x',
  '/../../x',
  String.raw`/models\..\x`,
  '/models/.\t./x',
  '/x#y',
  '//evil.example/x',
  '.evil.example/x',
  '@evil.example/x',
])('the path %j is rejected, since it would leave the base URL', (path) => {
  expect(() => toUpstreamUrl(place, path)).toThrow('misconfigured')
})

test('every accepted path stays below the base URL once it is resolved', () => {
  const piece = fc.constantFrom(
    '..',
    '.',
    '%2e',
    '%2E.',
    '/',
    '//',
    '\\',
    'a',
    '?',
    '#',
    ':',
    '\t',
    '@',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      let url: string
      try {
        url = toUpstreamUrl(place, `/models/${pieces.join('')}`)
      } catch {
        return
      }
      expect(new URL(url).href.startsWith('https://host.example/v1beta/models/')).toBe(true)
    }),
    { numRuns: 2000 },
  )
})
