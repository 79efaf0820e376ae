import { describe, expect, test } from 'vitest'

import { createResponseFormat } from '../../../src/streaming/response-format.ts'
import { toPassage } from '../../support/passage.ts'

const options = {
  id: 'msg_1',
  model: 'm',
  requestId: 'req_1',
  /** The upstream counts: the gateway may not understand its body. */
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
  const format = createResponseFormat('events', options)
  const transcoder = format.transcode(toPassage())
  const bytes = new TextEncoder().encode(text)
  let sent = ''
  for (let at = 0; at < bytes.length; at += length) {
    sent += transcoder.write(bytes.subarray(at, at + length))
  }
  sent += transcoder.end()
  return { sent, status: transcoder.status, delivered: transcoder.delivered() }
}

describe('a stream that is passed through', () => {
  test.each([1, 2, 3, 7, 64, 100_000])(
    'a stream that is passed through is sent unchanged when read %s bytes at a time',
    (length) => {
      const { sent, status, delivered } = pass(stream, length)
      expect(sent).toBe(stream)
      expect(status).toEqual({ phase: 'complete', stopReason: 'end_turn' })
      expect(delivered.usage).toMatchObject({ input: 5, output: 3 })
    },
  )

  test('a stream that is passed through has the usage of its start until a later event has more', () => {
    const cut = (until: string) => pass(stream.slice(0, stream.indexOf(until)), 64).delivered
    expect(cut('event: message_delta')).toMatchObject({ countedCharacters: 0 })
    const after = cut('event: message_stop')
    expect(after.usage).toMatchObject({ input: 5, output: 3 })
    expect(after.countedCharacters).toBe(after.characters)
  })

  test.each(['\r\n', '\r'])(
    'a stream that is passed through is sent unchanged with other line ends: %j',
    (end) => {
      const text = stream.replaceAll('\n', end)
      expect(pass(text, 7).sent).toBe(text)
    },
  )

  test('a stream that is passed through ends with an error event if it was truncated', () => {
    const { sent, status } = pass(stream.replace(event('message_stop'), ''), 64)
    expect(sent).toMatch(/event: error\ndata: .*"api_error".*\n\n$/)
    const failure = { kind: 'upstream_truncated', provider: 'p' }
    expect(status).toEqual({ phase: 'failed', failure, retriable: false })
  })

  test('a failure before content of a stream that is passed through is left to fail-over', () => {
    const { sent, status } = pass(event('error', { error: { type: 'overloaded_error' } }), 64)
    expect(sent).toBe('')
    expect(status).toMatchObject({ phase: 'failed', retriable: true })
  })
})

test.each([
  ['{"type":"message_start","message":{"id":"x","model":"up","usage":{"input_tokens":5}}}'],
  ['{"message":{"id":"a}\\"{","model":"up","usage":{"input_tokens":5}},"type":"message_start"}'],
])('message_start has the requested model name wherever the event has its type: %s', (data) => {
  const format = createResponseFormat('events', options)
  const rename = (json: string): string => json.replace('"up"', '"mine"')
  const transcoder = format.transcode(toPassage({ rename }))
  const text = `event: message_start\ndata: ${data}\n\n${event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } })}`
  expect(transcoder.write(new TextEncoder().encode(text))).toBe(text.replace('"up"', '"mine"'))
})

describe('an error event of a stream that is passed through', () => {
  const secret = 'sk-proj-abcDEF1234567890abcDEF1234567890'
  const before = stream.slice(0, stream.indexOf('event: message_delta'))
  const errorAfterContent = (text: string): string =>
    pass(before + text, 64).sent.slice(before.length)
  /** A line of data for each part. */
  const lines = (...parts: string[]): string => parts.map((part) => `data: ${part}\n`).join('')

  test('an error event of a stream that is passed through is sent as received, with all of its fields', () => {
    const error = event('error', {
      error: { type: 'overloaded_error', message: 'Overloaded', details: null },
      request_id: 'req_up',
    })
    expect(errorAfterContent(error)).toBe(error)
    const spaced = error.replaceAll('\n', '\r\n').replace('data: ', 'data:')
    expect(errorAfterContent(spaced)).toBe(spaced)
  })

  const pieces = Array.from({ length: secret.length - 7 }, (_, at) => secret.slice(at, at + 8))

  test('an error event of a stream that is passed through shows no part of a secret, wherever its lines divide it', () => {
    for (let at = 1; at < secret.length; at += 1) {
      const [start, rest] = [secret.slice(0, at), secret.slice(at)]
      const json = '"error":{"type":"api_error","message":"upstream failed for'
      const texts = [
        `event: error\n${lines(`upstream failed for ${start}`, rest)}\n`,
        `event: error\r\ndata:upstream failed for ${start}\r\ndata:${rest}\r\n\r\n`,
        `event: error\n${lines(`upstream failed for ${start}`, '', rest, 'and others')}\n`,
        `event: error\n${lines(`{"type":"error",${json} ${start}`, `${rest}"}}`)}\n`,
        `event: error\n${lines('{"type":"error",', `${json} ${secret}"}}`)}\n`,
      ]
      for (const sent of texts.map(errorAfterContent)) {
        expect(sent).toMatch(/^event: error\ndata: .*upstream failed for \[redacted\].*\n\n$/)
        expect(pieces.filter((piece) => sent.includes(piece))).toEqual([])
      }
    }
  })

  test('an error event of a stream that is passed through is sent on one line, with all of its fields and no other lines, if it has several', () => {
    const body = '{"type":"error","error":{"type":"overloaded_error",'
    const text = `: key ${secret}\nid: ${secret}\n${lines(body, '"message":"Overloaded"},"request_id":"r"}')}\n`
    expect(errorAfterContent(text)).toBe(
      `event: error\ndata: ${body}"message":"Overloaded"},"request_id":"r"}\n\n`,
    )
  })

  test('an error event of a stream that is passed through keeps the lines of its text if they divide no secret', () => {
    const sent = errorAfterContent(`event: error\n${lines('The upstream', 'has failed')}\n`)
    expect(sent).toContain('The upstream\\nhas failed')
  })
})
