/** What an upstream sends takes time in proportion to its size, whatever its shape. */
import { describe, expect, test } from 'vitest'

import { AnswerWriter } from '../../src/anthropic/answer/answer-writer.ts'
import type { Part } from '../../src/anthropic/answer/part.ts'
import { StopSequenceFilter } from '../../src/anthropic/answer/stop-sequences.ts'
import { describePage } from '../../src/dialects/shared/errors/error-page.ts'
import { toRetryAfter } from '../../src/dialects/shared/errors/rate-limit.ts'
import { redact } from '../../src/dialects/shared/errors/redact.ts'
import { AwsEventStreamDecoder } from '../../src/streaming/decode/aws-event-stream.ts'
import { SseDecoder } from '../../src/streaming/decode/sse.ts'
import { createResponseFormat } from '../../src/streaming/response-format.ts'
import { growthOf } from '../support/growth.ts'
import { toPassage } from '../support/passage.ts'
import { eventFrame } from '../support/streams/event-stream.ts'

const kilobyte = 1024
const megabyte = 1024 * kilobyte
const options = { id: 'msg_0', model: 'm', requestId: 'req_0', estimatedInput: () => 0 }
const sink = { onEvent: () => {}, onDocument: () => {}, onInvalid: () => {} }

/** Writes bytes in reads of 4 KiB. */
function writeReads(bytes: Uint8Array, write: (read: Uint8Array) => unknown): void {
  for (let at = 0; at < bytes.length; at += 4096) {
    write(bytes.subarray(at, at + 4096))
  }
}

const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** The work on one input, for each shape of it. */
const shapes: Record<string, [number, (size: number) => () => unknown]> = {
  'one event that is passed through': [
    3 * megabyte,
    (size) => {
      const start = 'event: message_start\ndata: {"type":"message_start","message":{}}\n\n'
      const delta = `data: {"type":"content_block_delta","text":"${'x'.repeat(size)}"}\n\n`
      const bytes = toBytes(start + delta)
      return () => {
        const transcoder = createResponseFormat('events', options).transcode(toPassage())
        writeReads(bytes, (read) => transcoder.write(read))
      }
    },
  ],
  'one message of an AWS event stream': [
    3 * megabyte,
    (size) => {
      const bytes = eventFrame('e', { text: 'x'.repeat(size) })
      return () => {
        const decoder = new AwsEventStreamDecoder(sink)
        writeReads(bytes, (read) => decoder.write(read))
      }
    },
  ],
  'a server-sent event of one line': [
    3 * megabyte,
    (size) => {
      const bytes = toBytes(`data: ${'x'.repeat(size)}\n\n`)
      return () => {
        const decoder = new SseDecoder(sink)
        writeReads(bytes, (read) => decoder.write(read))
      }
    },
  ],
  'a server-sent event of many lines': [
    megabyte,
    (size) => {
      const bytes = toBytes(`${'data: x\n'.repeat(size / 8)}\n`)
      return () => {
        const decoder = new SseDecoder(sink)
        writeReads(bytes, (read) => decoder.write(read))
      }
    },
  ],
  'text that nearly matches a long stop sequence': [
    16 * kilobyte,
    (size) => {
      const parts = Array.from({ length: size * 2 }, (): Part => ({
        type: 'text-delta',
        text: 'a',
      }))
      return () => new StopSequenceFilter([`${'a'.repeat(size)}b`]).write(parts)
    },
  ],
  'text that nearly matches many stop sequences': [
    8000,
    (size) => {
      const sequences = Array.from({ length: size }, (_, index) => `aaaa${index}!`)
      const text = Array.from({ length: size }, (_, index) => `aaaa${index}?`).join('')
      return () => new StopSequenceFilter(sequences).write([{ type: 'text-delta', text }])
    },
  ],
  'tool calls that interleave': [
    2000,
    (size) => {
      const calls = Array.from({ length: size }, (_, call) => call)
      const parts = [
        ...calls.map((call): Part => ({
          type: 'tool-start',
          call,
          id: `toolu_${call}`,
          name: 't',
        })),
        ...calls.map((call): Part => ({ type: 'tool-delta', call, json: '{}' })),
        ...calls.map((call): Part => ({ type: 'tool-end', call })),
      ]
      return () => new AnswerWriter({ ...options, isFolded: false }).write(parts)
    },
  ],
  'an error page of tags that do not end': [
    32 * kilobyte,
    (size) => () => describePage(502, '<script '.repeat(size / 8)),
  ],
  'an error page of elements that do not end': [
    32 * kilobyte,
    (size) => () => describePage(502, '<style></style '.repeat(size / 15)),
  ],
  'an error page of comments that do not end': [
    32 * kilobyte,
    (size) => () => describePage(502, '<!--'.repeat(size / 4)),
  ],
  'a message of an error that nearly holds a URL at each word': [
    32 * kilobyte,
    (size) => () => redact('org-'.repeat(size / 4)),
  ],
  'a message of an error that nearly holds a token at each word': [
    32 * kilobyte,
    (size) => () => redact('eyJhbGciOi-'.repeat(size / 11)),
  ],
  'a message of an error of backslashes': [
    256 * kilobyte,
    (size) => () => redact('\\'.repeat(size)),
  ],
  'a time to wait of many digits': [
    4 * kilobyte,
    (size) => () =>
      toRetryAfter({ headers: new Headers({ 'retry-after': '1'.repeat(size) + '.' }), text: '' }),
  ],
  'a text of many times to wait': [
    16 * kilobyte,
    (size) => () => toRetryAfter({ text: `retry in ${'1'.repeat(size)}. `.repeat(2) }),
  ],
}

describe('the time to stream a body is linear in its size', () => {
  test.for(Object.entries(shapes))(
    'the time to stream a body is linear in its size for %s',
    ([, [size, prepare]]) => {
      expect(growthOf(size, prepare)).toBeLessThan(3)
    },
  )
})
