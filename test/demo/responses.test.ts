/** The demo's Responses server, as OpenAI's own client finds it. */
import OpenAI from 'openai'
import { expect, test } from 'vitest'

import { serveDemo } from '../../src/demo/server.ts'

const client = new OpenAI({
  apiKey: 'any',
  baseURL: 'http://demo.invalid/v1',
  maxRetries: 0,
  fetch: async (url, init) => serveDemo(new Request(url, init)),
})

const weather = {
  type: 'function' as const,
  name: 'weather',
  strict: false,
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}

test('the Responses demo answers with the text that the message asks for', async () => {
  const response = await client.responses.create({
    model: 'demo',
    input: 'Reply with exactly: pong',
  })
  expect(response.output_text).toBe('pong')
  expect(response.status).toBe('completed')
  expect(response.usage?.output_tokens).toBeGreaterThan(0)
})

test('the Responses demo streams deltas that concatenate to the answer', async () => {
  const stream = client.responses.stream({
    model: 'demo',
    input: 'Reply with exactly: one two three',
    reasoning: { effort: 'high', summary: 'auto' },
  })
  const types = new Set<string>()
  for await (const { type } of stream) {
    types.add(type)
  }
  const response = await stream.finalResponse()
  expect(response.output_text).toBe('one two three')
  expect(response.output.map(({ type }) => type)).toEqual(['reasoning', 'message'])
  expect(types).toContain('response.reasoning_summary_text.delta')
  expect(types).toContain('response.output_text.delta')
})

test('the Responses demo calls a tool and then answers with its result', async () => {
  const ask = 'Use the weather tool with this input: {"city":"Paris"}'
  const first = await client.responses.create({ model: 'demo', input: ask, tools: [weather] })
  const call = first.output.find((item) => item.type === 'function_call')!
  expect(JSON.parse(call.arguments)).toEqual({ city: 'Paris' })
  const second = await client.responses.create({
    model: 'demo',
    tools: [weather],
    input: [
      { role: 'user', content: ask },
      call,
      { type: 'function_call_output', call_id: call.call_id, output: 'Sunny.' },
    ],
  })
  expect(second.output_text).toBe('Sunny.')
})

test('the Responses demo calls a forced tool and answers in a schema', async () => {
  const forced = await client.responses.create({
    model: 'demo',
    input: 'Hello',
    tools: [weather],
    tool_choice: { type: 'function', name: 'weather' },
  })
  expect(forced.output.map(({ type }) => type)).toEqual(['function_call'])
  const shaped = await client.responses.create({
    model: 'demo',
    input: 'Hello',
    text: {
      format: { type: 'json_schema', name: 'f', strict: true, schema: weather.parameters },
    },
  })
  expect(JSON.parse(shaped.output_text)).toEqual({ city: 'text' })
})

test('the Responses demo stops at the token limit', async () => {
  const response = await client.responses.create({
    model: 'demo',
    input: 'Reply with exactly: a long answer of many words',
    max_output_tokens: 2,
  })
  expect(response.status).toBe('incomplete')
  expect(response.incomplete_details?.reason).toBe('max_output_tokens')
})

test('the Responses demo rejects an invalid body with a message', async () => {
  const asked = client.responses.create({ model: 'demo', input: 'x', max_output_tokens: 0 })
  await expect(asked).rejects.toMatchObject({ status: 400 })
})
