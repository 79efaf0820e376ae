/**
 * Every recorded answer of Claude by Bedrock's InvokeModel: its events go on as Anthropic sent them,
 * wherever the bytes are cut.
 */
import { EventStreamCodec } from '@smithy/core/event-streams'
import { describe, expect, test } from 'vitest'

import { foldMessage } from '../../src/anthropic/answer/fold.ts'
import type { Message, StreamEvent } from '../../src/anthropic/answer/message.ts'
import { toErrorReply } from '../../src/anthropic/error.ts'
import { bedrockAnthropic } from '../../src/dialects/anthropic/hosts/bedrock.ts'
import type { TargetModel } from '../../src/dialects/dialect.ts'
import { unframe } from '../../src/streaming/unframe.ts'
import { lengthsFor } from './support/lengths.ts'
import type { Recording } from './support/recordings.ts'
import { loadRecordings, readRecording } from './support/recordings.ts'

const recordings = loadRecordings('bedrock-invoke-anthropic')
const streams = recordings.filter(({ kind }) => kind === 'stream')
const errors = recordings.filter(({ kind }) => kind === 'error')

describe.skipIf(streams.length === 0)('a recorded stream', () => {
  test.for(named(streams))('%s goes on event by event', async ([, recording]) => {
    const bytes = readRecording(recording)
    const text = await tell(bytes, [bytes.length])
    const events = framesOf(bytes)
    const told = text.split('\n\n').filter((event) => event !== '')
    expect(told.slice(0, -1)).toEqual(
      events.slice(0, -1).map((json) => `event: ${JSON.parse(json).type}\ndata: ${json}`),
    )
    const { 'amazon-bedrock-invocationMetrics': metrics, ...last } = JSON.parse(events.at(-1)!)
    expect(metrics).toBeDefined()
    expect(dataOf(told.at(-1)!)).toEqual(last)
  })

  test.for(named(streams))('%s says what was said', async ([, recording]) => {
    const bytes = readRecording(recording)
    const text = await tell(bytes, [bytes.length])
    const events = text.split('\n\n').filter((event) => event !== '')
    const { content, stop_reason, usage } = foldMessage(
      events.map((event) => dataOf(event) as StreamEvent),
    )
    const { expected } = recording
    expect(textOf(content)).toBe(expected.text)
    expect(toolsOf(content)).toEqual(expected.tool_calls.map(({ name, args }) => [name, args]))
    expect(stop_reason).toBe(expected.finish_reason)
    expect(usage.output_tokens).toBe(expected.usage?.completion)
  })

  test.for(named(streams))('%s is told the same wherever it is cut', async ([, recording]) => {
    const bytes = readRecording(recording)
    const whole = await tell(bytes, [bytes.length])
    for (const lengths of lengthsFor(bytes.length)) {
      expect(await tell(bytes, lengths)).toBe(whole)
    }
  })

  test.for(named(streams))('%s breaks off where a byte is damaged', async ([, recording]) => {
    const bytes = Uint8Array.from(readRecording(recording))
    const at = Math.floor(bytes.length / 2)
    bytes[at] = bytes[at]! ^ 1
    await expect(tell(bytes, [1000])).rejects.toThrow('damaged')
  })
})

describe.skipIf(errors.length === 0)('a recorded error', () => {
  test.for(named(errors))('%s is told as Anthropic would', ([, recording]) => {
    const { status, response_headers, expected } = recording
    const body = new TextDecoder().decode(readRecording(recording))
    const headers = new Headers(response_headers)
    const failure = bedrockAnthropic.toFailure!({ status, headers, body }, target)
    expect(toErrorReply(failure!)).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      message: `bedrock: ${expected.error?.message}`,
    })
  })
})

const target: TargetModel = { provider: 'bedrock', model: 'm', limits: {}, takes: {} }

function named(list: Recording[]): [string, Recording][] {
  return list.map((recording) => [recording.file, recording])
}

/** The text on the wire, for a body that arrives in pieces of these lengths, over and over. */
function tell(bytes: Uint8Array, lengths: readonly number[]): Promise<string> {
  let start = 0
  let turn = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const length = lengths[turn % lengths.length]!
      controller.enqueue(bytes.slice(start, start + length))
      start += length
      turn += 1
      if (start >= bytes.length) {
        controller.close()
      }
    },
  })
  const headers = { 'content-type': 'application/vnd.amazon.eventstream' }
  const { fromFrame } = bedrockAnthropic
  return unframe(new Response(body, { headers }), (event) => fromFrame!(event, target)).text()
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
