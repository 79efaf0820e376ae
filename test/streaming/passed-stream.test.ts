import { describe, expect, test } from 'vitest'

import { createReencoder } from '../../src/streaming/reencoder.ts'

const options = {
  id: 'msg_1',
  model: 'm',
  requestId: 'req_1',
  /** The upstream counts: its body may be one that we do not understand. */
  estimatedInput(): number {
    throw new Error('nothing is to be estimated')
  },
}
const event = (type: string, more: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`
const stream = [
  event('message_start', { message: { id: 'msg_up', model: 'up', usage: { input_tokens: 5 } } }),
  event('ping'),
  event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'é€😀' } }),
  event('content_block_stop', { index: 0 }),
  event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } }),
  event('message_stop'),
].join('')

function pass(text: string, length: number) {
  const reencoder = createReencoder(options, 'events')
  reencoder.attach({ kind: 'passed', provider: 'p' })
  const bytes = new TextEncoder().encode(text)
  let told = ''
  for (let at = 0; at < bytes.length; at += length) {
    told += reencoder.feed(bytes.subarray(at, at + length))
  }
  return { told: told + reencoder.finish(), outcome: reencoder.outcome() }
}

describe('a stream that is passed through', () => {
  test.each([1, 2, 3, 7, 64, 100_000])('is the same, cut at every %s bytes', (length) => {
    const { told, outcome } = pass(stream, length)
    expect(told).toBe(stream)
    expect(outcome).toMatchObject({
      ended: true,
      lost: undefined,
      failure: undefined,
      stopReason: 'end_turn',
      usage: { input_tokens: 5, output_tokens: 3 },
    })
  })

  test.each(['\r\n', '\r'])('is the same with other ends of lines: %j', (end) => {
    const text = stream.replaceAll('\n', end)
    expect(pass(text, 7).told).toBe(text)
  })

  test('that ends without its end is told as one that was cut', () => {
    const { told, outcome } = pass(stream.replace(event('message_stop'), ''), 64)
    expect(told).toMatch(/event: error\ndata: .*"api_error".*\n\n$/)
    expect(outcome.failure).toEqual({ kind: 'upstream_truncated', provider: 'p' })
  })
})
