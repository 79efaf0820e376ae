/** Every recorded answer of an Anthropic endpoint, passed through: the bytes as they came, named as the client asked. */
import Anthropic from '@anthropic-ai/sdk'
import { describe, expect, test } from 'vitest'

import type { HarnessOptions } from '../support/app.ts'
import { createHarness, key } from '../support/app.ts'
import type { Recording } from './support/recordings.ts'
import { loadRecordings, readRecording } from './support/recordings.ts'

// Node has no such class; what it does there is what the plain one does here.
Object.assign(globalThis, { IdentityTransformStream: TransformStream })

const recordings = loadRecordings('anthropic')
const answers = recordings.filter(({ kind }) => kind === 'stream' || kind === 'json')
const errors = recordings.filter(({ kind }) => kind === 'error')

const question = { max_tokens: 1, messages: [{ role: 'user', content: 'x' }] }

/** The recording, in pieces of any size. */
function toBody(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) {
        controller.close()
        return
      }
      controller.enqueue(bytes.slice(at, at + size))
      at += size
    },
  })
}

function upstreamOf(recording: Recording, size = 1 << 20): NonNullable<HarnessOptions['upstream']> {
  const type = recording.kind === 'stream' ? 'text/event-stream' : 'application/json'
  return () =>
    new Response(toBody(readRecording(recording), size), {
      status: recording.status,
      headers: { 'content-type': type },
    })
}

const ask = (model: string, recording: Recording) => ({
  json: { ...question, model, stream: recording.kind === 'stream' },
})

describe.skipIf(answers.length === 0)('a recorded Anthropic answer', () => {
  test.each(answers.map((recording) => [recording.file, recording] as const))(
    'a recorded Anthropic answer %s is passed through byte for byte',
    async (_, recording) => {
      const { request } = await createHarness({ upstream: upstreamOf(recording) })
      const response = await request('/v1/messages', ask('claude-x', recording))
      expect(response.status).toBe(200)
      const sent = new TextDecoder().decode(readRecording(recording))
      expect(await response.text()).toBe(sent)
    },
  )

  test.each(answers.map((recording) => [recording.file, recording] as const))(
    'a recorded Anthropic answer %s is changed only in its model name, wherever it is split',
    async (_, recording) => {
      const sent = new TextDecoder().decode(readRecording(recording))
      for (const size of [1 << 20, 97]) {
        const { request } = await createHarness({ upstream: upstreamOf(recording, size) })
        const response = await request('/v1/messages', ask('claude-renamed', recording))
        const text = await response.text()
        const from = /"model": ?"[^"]*"/.exec(sent)?.[0] ?? ''
        const to = from.replace(/"[^"]*"$/, '"claude-renamed"')
        expect(text).toBe(sent.replace(from, to))
      }
    },
  )

  test.each(
    answers
      .filter(({ kind }) => kind === 'stream')
      .map((recording) => [recording.file, recording] as const),
  )(
    'a recorded Anthropic answer %s is accumulated by the official SDK to the same message',
    async (_, recording) => {
      const { request } = await createHarness({ upstream: upstreamOf(recording) })
      const client = new Anthropic({
        apiKey: key,
        baseURL: 'http://gateway.test',
        maxRetries: 0,
        fetch: (url: unknown, init: unknown) =>
          request(new URL(String(url)).pathname, { ...(init as RequestInit), key: '' }),
      })
      const stream = client.messages.stream({
        ...question,
        model: 'claude-x',
        messages: [{ role: 'user', content: 'x' }],
      })
      const message = await stream.finalMessage()
      const text = message.content
        .map((block) => (block.type === 'text' ? block.text : ''))
        .join('')
      const tools = message.content.flatMap((block) =>
        block.type === 'tool_use' ? block.name : [],
      )
      expect({
        text,
        tools,
        stop: message.stop_reason,
        output: message.usage.output_tokens,
      }).toEqual({
        text: recording.expected.text,
        tools: recording.expected.tool_calls.map(({ name }) => name),
        stop: recording.expected.finish_reason,
        output: recording.expected.usage?.completion,
      })
    },
  )
})

describe.skipIf(errors.length === 0)('a recorded Anthropic error', () => {
  test.each(errors.map((recording) => [recording.file, recording] as const))(
    'a recorded Anthropic error %s is passed through, except for the gateway’s own credential',
    async (_, recording) => {
      const { request } = await createHarness({ upstream: upstreamOf(recording) })
      const response = await request('/v1/messages', ask('claude-x', recording))
      const text = await response.text()
      if ([401, 402, 403].includes(recording.status)) {
        expect([response.status, JSON.parse(text)]).toMatchObject([500, { type: 'error' }])
        return
      }
      expect(response.status).toBe(recording.status)
      expect(text).toBe(new TextDecoder().decode(readRecording(recording)))
    },
  )
})
