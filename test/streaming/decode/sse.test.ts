import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { UpstreamEvent } from '../../../src/dialects/dialect.ts'
import { SseDecoder } from '../../../src/streaming/decode/sse.ts'

type Decoded = UpstreamEvent | { document: string } | { invalid: string }

function decode(...chunks: (string | Uint8Array)[]): Decoded[] {
  const decoded: Decoded[] = []
  const decoder = new SseDecoder({
    onEvent: ({ event, data }) => decoded.push(event === undefined ? { data } : { event, data }),
    onDocument: (document) => decoded.push({ document }),
    onInvalid: (invalid) => decoded.push({ invalid }),
  })
  for (const chunk of chunks) {
    decoder.write(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk)
  }
  decoder.end()
  return decoded
}

describe('the decoder of server-sent events', () => {
  test.each([
    ['line feeds', 'data: {"a":1}\n\n'],
    ['carriage returns with line feeds', 'data: {"a":1}\r\n\r\n'],
    ['carriage returns', 'data: {"a":1}\r\r'],
    ['no space after the colon', 'data:{"a":1}\n\n'],
    ['a byte order mark', '\uFEFFdata: {"a":1}\n\n'],
    ['comments and keep-alives', ': PROCESSING\n\ndata: : keepalive\n\ndata: {"a":1}\n\n'],
    ['blank lines at the start', '\n\n\ndata: {"a":1}\n\n'],
    ['no blank line at the end', 'data: {"a":1}'],
  ])('the decoder of server-sent events reads a stream with %s', (_, text) => {
    expect(decode(text)).toEqual([{ data: '{"a":1}' }])
  })

  test('the decoder of server-sent events reads the names of events', () => {
    expect(decode('event: error\ndata: {}\n\n')).toEqual([{ event: 'error', data: '{}' }])
  })

  test('the decoder of server-sent events reads a failure in an `error` field, wherever it is split', () => {
    const text = 'data: {"a":1}\n\nerror: {"message":"gone"}\n\n'
    const whole = decode(text)
    expect(whole).toEqual([{ data: '{"a":1}' }, { event: 'error', data: '{"message":"gone"}' }])
    for (let cut = 1; cut < text.length; cut += 1) {
      expect(decode(text.slice(0, cut), text.slice(cut))).toEqual(whole)
    }
  })

  test('the decoder of server-sent events decodes the same events wherever the bytes are split', () => {
    const bytes = new TextEncoder().encode(
      'data: {"t":"日本語 🚀"}\r\n\r\n: hi\r\n\r\nevent: x\r\ndata: é\r\n\r\ndata: [DONE]\r\n\r\n',
    )
    const whole = decode(bytes)
    expect(whole).toHaveLength(3)
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 8 }), (cuts) => {
        const sorted = [0, ...cuts.sort((a, b) => a - b), bytes.length]
        const chunks = sorted.slice(1).map((end, index) => bytes.slice(sorted[index], end))
        expect(decode(...chunks)).toEqual(whole)
      }),
    )
  })
})

describe('the decoder of server-sent events, given something else,', () => {
  test.each([
    ['JSON', '{"choices":\n[]}'],
    ['a JSON array', '[{"error":{}}]'],
    ['a page', '<html>\n<body>502</body></html>'],
  ])(
    'the decoder of server-sent events returns a body without events as a document: %s',
    (_, text) => {
      expect(decode(text.slice(0, 3), text.slice(3))).toEqual([{ document: text }])
    },
  )

  test('the decoder of server-sent events returns nothing for an empty body', () => {
    expect(decode('', ' \n')).toEqual([])
  })
})

test('the decoder of server-sent events rejects an event that is too long, and retains none of it', () => {
  const piece = 'x'.repeat(8 * 1024 * 1024)
  expect(decode('data: ', piece, piece, piece, piece, piece, '\n\ndata: 1\n\n')).toEqual([
    { invalid: 'an event is too long' },
  ])
})
