import { expect, test } from 'vitest'

import { createAuthorizer } from '../../../src/upstream/auth/auth.ts'

const authorize = createAuthorizer({
  fetch: () => Promise.reject(new Error('nothing is fetched')),
  now: () => 0,
})
const request = { url: 'http://upstream.invalid/', headers: {}, body: '{}' }

test.each([
  ['bearer', { authorization: 'Bearer s' }],
  ['x-api-key', { 'x-api-key': 's' }],
  ['api-key', { 'api-key': 's' }],
  ['x-goog-api-key', { 'x-goog-api-key': 's' }],
  ['none', {}],
] as const)('a secret is sent as %s', async (style, headers) => {
  expect(await authorize({ provider: 'p', style, secret: 's' }, request)).toEqual(headers)
})

test('no header is sent without a secret', async () => {
  expect(await authorize({ provider: 'p', style: 'bearer', secret: undefined }, request)).toEqual(
    {},
  )
})
