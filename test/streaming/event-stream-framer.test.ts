import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createEventStreamFramer } from '../../src/streaming/event-stream-framer.ts'
import { concatenate, eventFrame, exceptionFrame, frame } from '../support/event-stream.ts'

/** All that a framer says of bytes in pieces of that length. */
function say(bytes: Uint8Array, length = bytes.length): unknown[] {
  const said: unknown[] = []
  const framer = createEventStreamFramer({
    onEvent: (event) => said.push(event),
    onDocument: (text) => said.push(text),
    onOverflow: () => said.push('overflow'),
    onBroken: (detail) => said.push(detail),
  })
  for (let start = 0; start < bytes.length; start += length) {
    framer.feed(bytes.subarray(start, start + length))
  }
  framer.finish()
  return said
}

describe('an event stream of AWS', () => {
  test('is told message by message, wherever it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.string({ unit: 'binary' })), { maxLength: 5 }),
        fc.integer({ min: 1, max: 40 }),
        (bodies, length) => {
          const bytes = concatenate(bodies.map((body, index) => eventFrame(`e${index}`, body)))
          expect(say(bytes, length)).toEqual(
            bodies.map((body, index) => ({ event: `e${index}`, data: JSON.stringify(body) })),
          )
        },
      ),
    )
  })

  test('tells an exception as an error of that type', () => {
    expect(say(exceptionFrame('throttlingException', 'Too many tokens.'))).toEqual([
      {
        event: 'error',
        data: '{"message":"Too many tokens.","__type":"throttlingException"}',
      },
    ])
  })

  test('tells an error without a body', () => {
    const headers = {
      ':message-type': 'error',
      ':error-code': 'InternalError',
      ':error-message': 'No.',
    }
    expect(say(frame(headers, ''))).toEqual([
      { event: 'error', data: '{"message":"No.","__type":"InternalError"}' },
    ])
  })

  test('breaks off at any damaged byte, and says nothing after it', () => {
    const good = eventFrame('a', { text: 'one' })
    const bytes = concatenate([good, eventFrame('b', { text: 'two' }), good])
    const lengthEnd = good.length + 4
    for (let at = lengthEnd; at < bytes.length - good.length; at += 1) {
      const damaged = bytes.slice()
      damaged[at] = damaged[at]! ^ 0x10
      expect(say(damaged)).toEqual([{ event: 'a', data: '{"text":"one"}' }, 'a damaged message'])
    }
  })

  test('says nothing of a message that is cut', () => {
    const bytes = eventFrame('a', { text: 'one' })
    expect(say(bytes.subarray(0, bytes.length - 1))).toEqual([])
  })

  test('is a document where it is JSON', () => {
    expect(say(new TextEncoder().encode('{"message":"é"}'), 1)).toEqual(['{"message":"é"}'])
  })

  test('says of what is too long that it is', () => {
    const head = new Uint8Array(16)
    new DataView(head.buffer).setUint32(0, 0x0800_0000)
    const piece = new Uint8Array(8 * 1024 * 1024)
    expect(say(concatenate([head, piece, piece, piece, piece]), piece.length)).toEqual(['overflow'])
  })
})
