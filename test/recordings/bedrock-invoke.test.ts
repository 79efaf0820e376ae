/**
 * Every recorded answer of Claude by Bedrock's InvokeModel: its events go on as Anthropic sent them,
 * wherever the bytes are cut.
 */
import { EventStreamCodec } from '@smithy/core/event-streams'
import { describe, expect, test } from 'vitest'

import { foldMessage } from '../../src/anthropic/answer/fold.ts'
import type { Message, StreamEvent } from '../../src/anthropic/answer/wire/message.ts'
import { toErrorReply } from '../../src/anthropic/error-reply.ts'
import { forwarding } from '../../src/dialects/anthropic/hosts/bedrock.ts'
import { readErrorReply } from '../../src/dialects/anthropic/response/error.ts'
import type { TargetModel } from '../../src/dialects/dialect.ts'
import { createResponseFormat } from '../../src/streaming/response-format.ts'
import { decoderOf } from '../support/loaded.ts'
import { toPassage } from '../support/passage.ts'
import { lengthsFor } from './support/lengths.ts'
import type { Recording } from './support/recordings.ts'
import { loadRecordings, readRecording } from './support/recordings.ts'

const recordings = loadRecordings('bedrock-invoke-anthropic')
const streams = recordings.filter(({ kind }) => kind === 'stream')
const errors = recordings.filter(({ kind }) => kind === 'error')

describe.skipIf(streams.length === 0)('a recorded InvokeModel stream', () => {
  test.for(named(streams))(
    'a recorded InvokeModel stream %s is passed through event by event',
    ([, recording]) => {
      const bytes = readRecording(recording)
      const text = pass(bytes, [bytes.length])
      const events = framesOf(bytes)
      const received = text.split('\n\n').filter((event) => event !== '')
      expect(received.slice(0, -1)).toEqual(
        events.slice(0, -1).map((json) => `event: ${JSON.parse(json).type}\ndata: ${json}`),
      )
      const { 'amazon-bedrock-invocationMetrics': metrics, ...last } = JSON.parse(events.at(-1)!)
      expect(metrics).toBeDefined()
      expect(dataOf(received.at(-1)!)).toEqual(last)
    },
  )

  test.for(named(streams))(
    'a recorded InvokeModel stream %s has the recorded content',
    ([, recording]) => {
      const bytes = readRecording(recording)
      const text = pass(bytes, [bytes.length])
      const events = text.split('\n\n').filter((event) => event !== '')
      const { content, stop_reason, usage } = foldMessage(
        events.map((event) => dataOf(event) as StreamEvent),
      )
      const { expected } = recording
      expect(textOf(content)).toBe(expected.text)
      expect(toolsOf(content)).toEqual(expected.tool_calls.map(({ name, args }) => [name, args]))
      expect(stop_reason).toBe(expected.finish_reason)
      expect(usage.output_tokens).toBe(expected.usage?.completion)
    },
  )

  test.for(named(streams))(
    'a recorded InvokeModel stream %s is sent identically wherever it is split',
    ([, recording]) => {
      const bytes = readRecording(recording)
      const whole = pass(bytes, [bytes.length])
      for (const lengths of lengthsFor(bytes.length)) {
        expect(pass(bytes, lengths)).toBe(whole)
      }
    },
  )

  test.for(named(streams))(
    'a recorded InvokeModel stream %s ends with an error event if a byte is damaged',
    ([, recording]) => {
      const bytes = Uint8Array.from(readRecording(recording))
      const at = Math.floor(bytes.length / 2)
      bytes[at] = bytes[at]! ^ 1
      expect(pass(bytes, [1000])).toMatch(/event: error\n.*\n\n$/)
    },
  )
})

describe.skipIf(errors.length === 0)('a recorded InvokeModel error', () => {
  test.for(named(errors))(
    'a recorded InvokeModel error %s has Anthropic’s format',
    ([, recording]) => {
      const { status, response_headers, expected } = recording
      const body = new TextDecoder().decode(readRecording(recording))
      const headers = new Headers(response_headers)
      const host = { ...target, isAnthropic: false }
      const { failure } = readErrorReply({ status, headers, body }, host)
      expect(toErrorReply(failure)).toMatchObject({
        status: 400,
        type: 'invalid_request_error',
        message: `bedrock: ${expected.error?.message}`,
      })
    },
  )
})

const target: TargetModel = { provider: 'bedrock', model: 'm', limits: {}, takes: {} }

function named(list: Recording[]): [string, Recording][] {
  return list.map((recording) => [recording.file, recording])
}

/** The text on the wire, for a body that arrives in pieces of these lengths, over and over. */
function pass(bytes: Uint8Array, lengths: readonly number[]): string {
  const options = { id: 'msg_0', model: 'm', requestId: 'req_0', estimatedInput: () => 0 }
  const transcoder = createResponseFormat('events', options).transcode(
    toPassage({
      frames: {
        createDecoder: decoderOf('aws-event-stream'),
        toEvents: (frame) => forwarding.fromFrame!(frame, target),
      },
    }),
  )
  let text = ''
  for (let start = 0, turn = 0; start < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length]!
    text += transcoder.write(bytes.subarray(start, start + length))
    start += length
  }
  return text + transcoder.end()
}

/** The events in the frames, by the codec alone. */
function framesOf(bytes: Uint8Array): string[] {
  const decoder = new TextDecoder()
  const encoder = new TextEncoder()
  const codec = new EventStreamCodec(
    (text) => (typeof text === 'string' ? text : decoder.decode(text)),
    (text) => encoder.encode(text),
  )
  const events: string[] = []
  for (let at = 0; at < bytes.length;) {
    const length = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0)
    const { body } = codec.decode(bytes.subarray(at, at + length))
    events.push(Buffer.from(JSON.parse(decoder.decode(body)).bytes, 'base64').toString())
    at += length
  }
  return events
}

function dataOf(event: string): unknown {
  return JSON.parse(event.slice(event.indexOf('data: ') + 'data: '.length))
}

function textOf(content: Message['content']): string {
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('')
}

function toolsOf(content: Message['content']): [string, unknown][] {
  return content
    .filter((block) => block.type === 'tool_use')
    .map(({ name, input }) => [name, input])
}
