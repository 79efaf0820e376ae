import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { drainBody } from '../../src/http/middleware/drain-body.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function toRequest(body: ReadableStream<Uint8Array>): Request {
  const headers = { 'content-length': '10' }
  return new Request('https://gateway.test/v1/messages', { method: 'POST', headers, body })
}

test('a refusal does not wait for a body that never ends', async () => {
  const drained = vi.fn()
  const isOver = (async () => {
    await drainBody(toRequest(new ReadableStream()))
    drained()
  })()
  await vi.advanceTimersByTimeAsync(1000)
  expect(drained).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1000)
  await isOver
})

test('a refusal is sent at once after a body that ends', async () => {
  const body = new Blob(['{}']).stream()
  await drainBody(toRequest(body))
  expect(vi.getTimerCount()).toBe(0)
})
