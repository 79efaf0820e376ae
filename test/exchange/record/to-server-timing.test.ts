import { expect, test } from 'vitest'

import { toServerTiming } from '../../../src/exchange/record/to-server-timing.ts'

test('server-timing separates the time of upstreams from that of the gateway', () => {
  expect(toServerTiming({ headersMs: 120, upstreamMs: 100 })).toBe(
    'upstream;dur=100, gateway;dur=20',
  )
})

test('server-timing is never negative, though a stream may start while a target is retried', () => {
  expect(toServerTiming({ headersMs: 10, upstreamMs: 100 })).toBe('upstream;dur=100, gateway;dur=0')
  expect(toServerTiming({ headersMs: undefined, upstreamMs: undefined })).toBe(
    'upstream;dur=0, gateway;dur=0',
  )
})
