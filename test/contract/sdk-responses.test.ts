/** The official SDK in a tool loop with a model that OpenAI serves by the Responses API alone. */
import Anthropic from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'

import type { Harness } from '../support/app.ts'
import { createHarness, key } from '../support/app.ts'

const catalog = {
  version: 1,
  providers: { openai: { preset: 'openai', base_url: 'http://openai.test/v1' } },
  models: [{ id: 'm', targets: [{ provider: 'openai', model: 'gpt-5.6-terra' }] }],
}

const thought = { type: 'reasoning', id: 'rs_1', encrypted_content: 'gAAA' }
const summary = [{ type: 'summary_text', text: 'Look it up.' }]
const call = { type: 'function_call', id: 'fc_1', call_id: 'call_0', name: 'get', arguments: '' }
const message = { type: 'message', id: 'msg_1', role: 'assistant', phase: 'final_answer' }
const usage = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 40 },
  output_tokens: 30,
  output_tokens_details: { reasoning_tokens: 20 },
}

const completed = ['completed', { response: { status: 'completed', output: [], usage } }] as const
const turns = [
  stream(
    ['created', { response: { status: 'in_progress' } }],
    ['output_item.added', { output_index: 0, item: { ...thought, summary: [] } }],
    ['reasoning_summary_text.delta', { output_index: 0, summary_index: 0, delta: 'Look it up.' }],
    ['output_item.done', { output_index: 0, item: { ...thought, summary } }],
    ['output_item.added', { output_index: 1, item: call }],
    ['function_call_arguments.delta', { output_index: 1, delta: '{"city":' }],
    ['function_call_arguments.delta', { output_index: 1, delta: '"Paris"}' }],
    ['output_item.done', { output_index: 1, item: { ...call, arguments: '{"city":"Paris"}' } }],
    completed,
  ),
  stream(
    ['output_item.added', { output_index: 0, item: { ...message, content: [] } }],
    ['output_text.delta', { output_index: 0, content_index: 0, delta: 'Sunny.' }],
    completed,
  ),
]

function stream(...events: (readonly [string, object])[]): string {
  return events
    .map(([name, fields]) => ({ type: `response.${name}`, ...fields }))
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('')
}

function connect(harness: Harness): Anthropic {
  return new Anthropic({
    apiKey: key,
    baseURL: 'http://gateway.test',
    maxRetries: 0,
    fetch: (url: unknown, init: unknown) => {
      const { pathname, search } = new URL(String(url))
      return harness.request(pathname + search, { ...(init as RequestInit), key: '' })
    },
  })
}

function answer(body: string): Response {
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

const question: Anthropic.MessageStreamParams = {
  model: 'm',
  max_tokens: 1000,
  thinking: { type: 'adaptive' },
  tools: [{ name: 'get', input_schema: { type: 'object' } }],
  messages: [{ role: 'user', content: 'How is the weather in Paris?' }],
}

test('a tool loop over openai-responses keeps the model’s reasoning', async () => {
  const left = [...turns]
  const harness = await createHarness({
    catalog,
    vars: { OPENAI_API_KEY: 'sk-test' },
    upstream: () => answer(left.shift() ?? ''),
  })
  const client = connect(harness)
  const first = await client.messages.stream(question).finalMessage()
  expect(first.content).toMatchObject([
    { type: 'thinking', thinking: 'Look it up.' },
    { type: 'tool_use', name: 'get', input: { city: 'Paris' } },
  ])
  expect(first.stop_reason).toBe('tool_use')
  expect(first.usage).toMatchObject({
    input_tokens: 60,
    cache_read_input_tokens: 40,
    output_tokens: 30,
  })

  const use = first.content.find((block) => block.type === 'tool_use')!
  const second = await client.messages
    .stream({
      ...question,
      messages: [
        ...question.messages,
        { role: 'assistant', content: first.content },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: use.id, content: 'Sunny' }],
        },
      ],
    })
    .finalMessage()
  expect(second.content).toEqual([{ type: 'text', text: 'Sunny.' }])
  expect(second.stop_reason).toBe('end_turn')

  const [, { url, headers, body } = { url: '', headers: new Headers(), body: {} }] = harness.sent
  expect(url).toBe('http://openai.test/v1/responses')
  expect(headers.get('authorization')).toBe('Bearer sk-test')
  expect(body).toMatchObject({
    store: false,
    include: ['reasoning.encrypted_content'],
    reasoning: { effort: 'high', summary: 'auto' },
    input: [
      { role: 'user' },
      { type: 'reasoning', summary, encrypted_content: 'gAAA' },
      { type: 'function_call', call_id: use.id, name: 'get', arguments: '{"city":"Paris"}' },
      { type: 'function_call_output', call_id: use.id, output: 'Sunny' },
    ],
  })
})

test('a prompt that is too long is rejected with a status though the upstream has started a stream', async () => {
  const error = {
    code: 'context_length_exceeded',
    message: 'Your input exceeds the context window of this model.',
  }
  const harness = await createHarness({
    catalog,
    vars: { OPENAI_API_KEY: 'sk-test' },
    upstream: () =>
      answer(
        stream(
          ['created', { response: { status: 'in_progress' } }],
          ['failed', { response: { status: 'failed', error } }],
        ),
      ),
  })
  const asked = connect(harness).messages.stream(question).finalMessage()
  await expect(asked).rejects.toMatchObject({ status: 400 })
  await expect(asked).rejects.toThrow('prompt is too long')
})
