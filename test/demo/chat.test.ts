/** The demo provider through OpenAI's own client. */
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'

import { serveDemo } from '../../src/demo/server.ts'
import { estimateText } from '../../src/tokens/estimate.ts'

const client = new OpenAI({
  apiKey: 'any',
  baseURL: 'http://demo.invalid/v1',
  maxRetries: 0,
  fetch: async (url, init) => serveDemo(new Request(url, init)),
})

const user = (content: string) => [{ role: 'user' as const, content }]

const tools = [
  {
    type: 'function' as const,
    function: { name: 'bash', parameters: { type: 'object', properties: {} } },
  },
]

async function chunksOf(request: Omit<OpenAI.ChatCompletionCreateParamsStreaming, 'stream'>) {
  const chunks = []
  for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) {
    chunks.push(chunk)
  }
  return chunks
}

async function post(body: string): Promise<{ status: number; body: unknown }> {
  const response = await send('/v1/chat/completions', { method: 'POST', body })
  return { status: response.status, body: await response.json() }
}

/** A request without the client library. */
function send(path: string, init: RequestInit): Promise<Response> {
  return serveDemo(new Request(`http://demo.invalid${path}`, init))
}

describe('a non-streaming chat completion of the demo', () => {
  test('a non-streaming chat completion of the demo contains the requested text and token counts', async () => {
    const completion = await client.chat.completions.create({
      model: 'demo',
      messages: [{ role: 'system', content: 'Be brief.' }, ...user('Reply with exactly: PONG')],
    })
    expect(completion).toMatchObject({
      object: 'chat.completion',
      model: 'demo',
      choices: [
        { index: 0, message: { role: 'assistant', content: 'PONG' }, finish_reason: 'stop' },
      ],
      usage: {
        prompt_tokens: estimateText('Be brief.\nReply with exactly: PONG'),
        completion_tokens: estimateText('PONG'),
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    })
  })

  test('a non-streaming chat completion of the demo calls a tool', async () => {
    const { choices } = await client.chat.completions.create({
      model: 'demo',
      messages: user('Use the bash tool with this input: {"command":"ls"}'),
      tools,
    })
    expect(choices[0]).toMatchObject({
      message: {
        content: null,
        tool_calls: [
          { type: 'function', function: { name: 'bash', arguments: '{"command":"ls"}' } },
        ],
      },
      finish_reason: 'tool_calls',
    })
  })

  test('a non-streaming chat completion of the demo answers with the result of a tool', async () => {
    const { choices } = await client.chat.completions.create({
      model: 'demo',
      messages: [
        ...user('Use the bash tool with this input: {}'),
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'bash', arguments: '{}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'file.txt' },
      ],
      tools,
    })
    expect(choices[0]?.message.content).toBe('file.txt')
  })

  test('a non-streaming chat completion of the demo contains thinking if requested, counted as output tokens', async () => {
    const { choices, usage } = await client.chat.completions.create({
      model: 'demo',
      messages: user('hi'),
      reasoning_effort: 'low',
    })
    const message = choices[0]?.message as { reasoning_content?: string } | undefined
    const thinking = message?.reasoning_content ?? ''
    const reasoning_tokens = estimateText(thinking)
    expect(reasoning_tokens).toBeGreaterThan(0)
    expect(usage).toMatchObject({
      completion_tokens: reasoning_tokens + estimateText('hi'),
      completion_tokens_details: { reasoning_tokens },
    })
  })

  test('a non-streaming chat completion of the demo contains JSON that matches the schema', async () => {
    const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }
    const { choices } = await client.chat.completions.create({
      model: 'demo',
      messages: user('hi'),
      response_format: { type: 'json_schema', json_schema: { name: 'out', schema } },
    })
    expect(choices[0]?.message.content).toBe('{"n":1}')
  })

  test('a non-streaming chat completion of the demo stops before a stop sequence', async () => {
    const { choices } = await client.chat.completions.create({
      model: 'demo',
      messages: user('Reply with exactly: one two three'),
      stop: [' three', ' two', ' four'],
    })
    expect(choices[0]).toMatchObject({
      message: { content: 'one' },
      finish_reason: 'stop',
      stop_reason: ' two',
    })
  })

  test('a non-streaming chat completion of the demo is truncated at the token limit', async () => {
    const words = 'word '.repeat(200)
    const { choices, usage } = await client.chat.completions.create({
      model: 'demo',
      messages: user(words),
      max_tokens: 20,
    })
    expect(choices[0]?.finish_reason).toBe('length')
    expect(words.startsWith(choices[0]?.message.content ?? '-')).toBe(true)
    expect(usage?.completion_tokens).toBeLessThanOrEqual(20)
    expect(usage?.completion_tokens).toBeGreaterThan(10)
  })

  test('a non-streaming chat completion of the demo acknowledges an image', async () => {
    const { choices } = await client.chat.completions.create({
      model: 'demo',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          ],
        },
      ],
    })
    expect(choices[0]?.message.content).toBe('What is this?\n[image]')
  })
})

describe('a chat completion stream of the demo', () => {
  test('a chat completion stream of the demo concatenates to the same text', async () => {
    const messages = user('Reply with exactly: a b  c 😀é')
    const chunks = await chunksOf({ model: 'demo', messages })
    const said = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '')
    expect(said).toEqual(['', 'a', ' b', '  c', ' 😀é', ''])
    expect(chunks.map((chunk) => chunk.choices[0]?.finish_reason ?? null)).toEqual([
      ...Array.from({ length: 5 }, () => null),
      'stop',
    ])
    expect(chunks.every((chunk) => chunk.usage === undefined)).toBe(true)
  })

  test('a chat completion stream of the demo contains usage if requested', async () => {
    const chunks = await chunksOf({
      model: 'demo',
      messages: user('hi'),
      stream_options: { include_usage: true },
    })
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { completion_tokens: estimateText('hi') },
    })
  })

  test('a chat completion stream of the demo begins with thinking', async () => {
    const chunks = await chunksOf({ model: 'demo', messages: user('hi'), reasoning_effort: 'high' })
    const kinds = chunks.map((chunk) => Object.keys(chunk.choices[0]?.delta ?? {}).join())
    const order = kinds.filter((kind, index) => kind !== kinds[index - 1])
    expect(order).toEqual(['role,content', 'reasoning_content', 'content', ''])
  })

  test('a chat completion stream of the demo contains the arguments of a tool call in deltas', async () => {
    const input = { command: 'echo "one two" && cat some/long/path/to/a/file.txt' }
    const chunks = await chunksOf({
      model: 'demo',
      messages: user(`Use the bash tool with this input: ${JSON.stringify(input)}`),
      tools,
    })
    const calls = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? [])
    const json = calls.map((call) => call.function?.arguments ?? '').join('')
    expect(calls[0]).toMatchObject({ index: 0, type: 'function', function: { name: 'bash' } })
    expect(calls.length).toBeGreaterThan(4)
    expect(JSON.parse(json)).toEqual(input)
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls')
  })

  test('a chat completion stream of the demo ends in [DONE]', async () => {
    const response = await send('/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ model: 'demo', messages: user('hi'), stream: true }),
    })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(await response.text()).toMatch(/^(data: [^\n]+\n\n)+data: \[DONE\]\n\n$/)
  })
})

describe('the demo server', () => {
  test('the demo server lists its model', async () => {
    const page = await client.models.list()
    expect(page.data.map((model) => model.id)).toEqual(['demo'])
  })

  test('the demo server rejects requests with errors in the format of OpenAI', async () => {
    const error = (message: string) => ({
      error: { message, type: 'invalid_request_error', param: null, code: null },
    })
    expect(await post('{')).toEqual({
      status: 400,
      body: error('We could not parse the JSON body of your request.'),
    })
    expect(await post('{"model":"demo","messages":[{"role":"bot"}]}')).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(/^Invalid 'messages\.0\.role': /) } },
    })
    const missing = await send('/v1/embeddings', { method: 'POST' })
    expect(missing.status).toBe(404)
    expect(await missing.json()).toEqual(error('Unknown request URL: POST /v1/embeddings.'))
  })
})
