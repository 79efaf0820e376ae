import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { AwsEventStreamDecoder } from '../../../src/streaming/decode/aws-event-stream.ts'
import {
  concatenate,
  eventFrame,
  exceptionFrame,
  frame,
} from '../../support/streams/event-stream.ts'

/** All that the decoder emits for bytes in pieces of that length. */
function decode(bytes: Uint8Array, length = bytes.length): unknown[] {
  const decoded: unknown[] = []
  const decoder = new AwsEventStreamDecoder({
    onEvent: (event) => decoded.push(event),
    onDocument: (text) => decoded.push(text),
    onInvalid: (detail) => decoded.push(detail),
  })
  for (let start = 0; start < bytes.length; start += length) {
    decoder.write(bytes.subarray(start, start + length))
  }
  decoder.end()
  return decoded
}

describe('the decoder of AWS event streams', () => {
  test('the decoder of AWS event streams decodes message by message, wherever the bytes are split', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.string({ unit: 'binary' })), { maxLength: 5 }),
        fc.integer({ min: 1, max: 40 }),
        (bodies, length) => {
          const bytes = concatenate(bodies.map((body, index) => eventFrame(`e${index}`, body)))
          expect(decode(bytes, length)).toEqual(
            bodies.map((body, index) => ({ event: `e${index}`, data: JSON.stringify(body) })),
          )
        },
      ),
    )
  })

  test('the decoder of AWS event streams decodes an exception as an error of its type', () => {
    expect(decode(exceptionFrame('throttlingException', 'Too many tokens.'))).toEqual([
      {
        event: 'error',
        data: '{"message":"Too many tokens.","__type":"throttlingException"}',
      },
    ])
  })

  test('the decoder of AWS event streams decodes an error without a body', () => {
    const headers = {
      ':message-type': 'error',
      ':error-code': 'InternalError',
      ':error-message': 'No.',
    }
    expect(decode(frame(headers, ''))).toEqual([
      { event: 'error', data: '{"message":"No.","__type":"InternalError"}' },
    ])
  })

  test('the decoder of AWS event streams stops at any damaged byte, and emits nothing after it', () => {
    const good = eventFrame('a', { text: 'one' })
    const bytes = concatenate([good, eventFrame('b', { text: 'two' }), good])
    const lengthEnd = good.length + 4
    for (let at = lengthEnd; at < bytes.length - good.length; at += 1) {
      const damaged = bytes.slice()
      damaged[at] = damaged[at]! ^ 0x10
      expect(decode(damaged)).toEqual([{ event: 'a', data: '{"text":"one"}' }, 'a damaged message'])
    }
  })

  test('the decoder of AWS event streams emits nothing for a truncated message', () => {
    const bytes = eventFrame('a', { text: 'one' })
    expect(decode(bytes.subarray(0, bytes.length - 1))).toEqual([])
  })

  test('the decoder of AWS event streams returns a JSON body as a document', () => {
    expect(decode(new TextEncoder().encode('{"message":"é"}'), 1)).toEqual(['{"message":"é"}'])
  })

  test('the decoder of AWS event streams rejects a message that is too long', () => {
    const head = new Uint8Array(16)
    new DataView(head.buffer).setUint32(0, 0x0800_0000)
    const piece = new Uint8Array(8 * 1024 * 1024)
    expect(decode(concatenate([head, piece, piece, piece, piece]), piece.length)).toEqual([
      'an event is too long',
    ])
  })
})
