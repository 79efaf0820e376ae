import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { UpstreamEvent } from '../../src/dialects/dialect.ts'
import { createFramer } from '../../src/streaming/framer.ts'

type Heard = UpstreamEvent | { document: string } | 'overflow'

function frame(...chunks: (string | Uint8Array)[]): Heard[] {
  const heard: Heard[] = []
  const framer = createFramer({
    onEvent: ({ event, data }) => heard.push(event === undefined ? { data } : { event, data }),
    onDocument: (document) => heard.push({ document }),
    onOverflow: () => heard.push('overflow'),
  })
  for (const chunk of chunks) {
    framer.feed(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk)
  }
  framer.finish()
  return heard
}

describe('an event stream', () => {
  test.each([
    ['line feeds', 'data: {"a":1}\n\n'],
    ['carriage returns with line feeds', 'data: {"a":1}\r\n\r\n'],
    ['carriage returns', 'data: {"a":1}\r\r'],
    ['no space after the colon', 'data:{"a":1}\n\n'],
    ['a byte order mark', '\uFEFFdata: {"a":1}\n\n'],
    ['comments and keep-alives', ': PROCESSING\n\ndata: : keepalive\n\ndata: {"a":1}\n\n'],
    ['blank lines at the start', '\n\n\ndata: {"a":1}\n\n'],
    ['no blank line at the end', 'data: {"a":1}'],
  ])('may have %s', (_, text) => {
    expect(frame(text)).toEqual([{ data: '{"a":1}' }])
  })

  test('may name its events', () => {
    expect(frame('event: error\ndata: {}\n\n')).toEqual([{ event: 'error', data: '{}' }])
  })

  test('may say a failure as a field of its own, cut anywhere', () => {
    const text = 'data: {"a":1}\n\nerror: {"message":"gone"}\n\n'
    const whole = frame(text)
    expect(whole).toEqual([{ data: '{"a":1}' }, { event: 'error', data: '{"message":"gone"}' }])
    for (let cut = 1; cut < text.length; cut += 1) {
      expect(frame(text.slice(0, cut), text.slice(cut))).toEqual(whole)
    }
  })

  test('is the same however its bytes are cut', () => {
    const bytes = new TextEncoder().encode(
      'data: {"t":"日本語 🚀"}\r\n\r\n: hi\r\n\r\nevent: x\r\ndata: é\r\n\r\ndata: [DONE]\r\n\r\n',
    )
    const whole = frame(bytes)
    expect(whole).toHaveLength(3)
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 8 }), (cuts) => {
        const sorted = [0, ...cuts.sort((a, b) => a - b), bytes.length]
        const chunks = sorted.slice(1).map((end, index) => bytes.slice(sorted[index], end))
        expect(frame(...chunks)).toEqual(whole)
      }),
    )
  })
})

describe('what is no event stream', () => {
  test.each([
    ['JSON', '{"choices":\n[]}'],
    ['a JSON array', '[{"error":{}}]'],
    ['a page', '<html>\n<body>502</body></html>'],
  ])('comes out whole: %s', (_, text) => {
    expect(frame(text.slice(0, 3), text.slice(3))).toEqual([{ document: text }])
  })

  test('is nothing where there is nothing', () => {
    expect(frame('', ' \n')).toEqual([])
  })
})

test('an event that is too long is given up, not held in memory', () => {
  const piece = 'x'.repeat(8 * 1024 * 1024)
  expect(frame('data: ', piece, piece, piece, piece, piece, '\n\ndata: 1\n\n')).toEqual([
    'overflow',
  ])
})
