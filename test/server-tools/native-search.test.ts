import { describe, expect, test, vi } from 'vitest'

import type { HarnessOptions } from '../support/app.ts'
import { chatStream, createHarness, delta } from '../support/app.ts'
import { eventStream, outputMessage, responsesStream } from '../support/streams/upstream-stream.ts'

vi.stubGlobal('IdentityTransformStream', TransformStream)

const webSearch = { type: 'web_search_20250305', name: 'web_search' }
const rome = 'https://rome.example/a'

const searchCall = {
  type: 'web_search_call',
  id: 'ws_1',
  status: 'completed',
  action: { type: 'search', query: 'capital of Italy', sources: [{ type: 'url', url: rome }] },
}

const found = [
  searchCall,
  outputMessage('Rome is the capital. Nice.', { 'Rome is the capital.': rome }),
]

interface Answer {
  content: { type: string; text?: string; content?: unknown; citations?: object[] }[]
  usage: { server_tool_use: { web_search_requests: number } }
  error?: { message: string }
}

async function ask(
  json: object,
  {
    preset = 'openai-responses',
    upstream = () => responsesStream(...found),
    tools = { web_search: { back_end: 'native' } },
    model = {},
  }: {
    preset?: string
    upstream?: HarnessOptions['upstream']
    tools?: object
    model?: object
  } = {},
) {
  const harness = await createHarness({
    vars: { KEY: 'k', TAVILY_API_KEY: 't' },
    catalog: {
      version: 1,
      providers: {
        p: { preset, secret: 'KEY' },
        chat: { dialect: 'openai-chat', base_url: 'http://chat.test/v1', secret: 'CHAT_KEY' },
      },
      models: [
        { id: 'm', targets: [{ provider: 'p', model: 'up' }], ...model },
        { id: 'other', targets: [{ provider: 'chat', model: 'up' }] },
      ],
      server_tools: tools,
    },
    upstream: (request) => upstream(request),
  })
  const send = async (more: object): Promise<Answer> => {
    const response = await harness.request('/v1/messages', {
      json: {
        model: 'm',
        max_tokens: 5000,
        tools: [webSearch],
        messages: [{ role: 'user', content: 'What is the capital of Italy?' }],
        ...more,
      },
    })
    return response.json()
  }
  const message = await send(json)
  return {
    message,
    send,
    harness,
    sent: harness.sent.map(({ body }) => body as Record<string, unknown>),
  }
}

describe('a provider with a web search of its own', () => {
  test('a provider with a web search of its own is offered it, and its searches and citations become blocks', async () => {
    const { message, sent } = await ask({})
    expect(sent).toMatchObject([
      {
        tools: [{ type: 'web_search' }],
        include: ['reasoning.encrypted_content', 'web_search_call.action.sources'],
      },
    ])
    expect(message.content).toMatchObject([
      { type: 'server_tool_use', name: 'web_search', input: { query: 'capital of Italy' } },
      {
        type: 'web_search_tool_result',
        content: [{ type: 'web_search_result', url: rome, title: 'rome.example' }],
      },
      {
        type: 'text',
        text: 'Rome is the capital.',
        citations: [{ type: 'web_search_result_location', url: rome, encrypted_index: 'gw1.1.0' }],
      },
      { type: 'text', text: ' Nice.' },
    ])
    expect(message.usage.server_tool_use.web_search_requests).toBe(1)
  })

  test('a provider with a web search of its own is charged for its searches by the list price, where the price of the model has none', async () => {
    const free = { input: 0, output: 0 }
    const listed = await ask({}, { model: { price: free } })
    const stated = await ask({}, { model: { price: { ...free, web_search: 25 } } })
    expect(listed.harness.lines).toMatchObject([{ costUsd: 0.01 }])
    expect(stated.harness.lines).toMatchObject([{ costUsd: 0.025 }])
  })

  test('a provider with a web search of its own may search beside functions, which the client runs', async () => {
    const weather = { name: 'get_weather', input_schema: { type: 'object', properties: {} } }
    const call = { type: 'function_call', call_id: 'c', name: 'get_weather', arguments: '{}' }
    const { message, sent } = await ask(
      { tools: [weather, webSearch] },
      { upstream: () => responsesStream(searchCall, call) },
    )
    expect(sent[0]?.['tools']).toMatchObject([{ name: 'get_weather' }, { type: 'web_search' }])
    expect(message).toMatchObject({
      content: [{}, { type: 'web_search_tool_result' }, { type: 'tool_use', name: 'get_weather' }],
      stop_reason: 'tool_use',
    })
  })

  test('a provider with a web search of its own gets domains and location, and unsupported fields are reported', async () => {
    const location = { type: 'approximate', city: 'Rome', country: 'it' }
    const entry = { ...webSearch, allowed_domains: ['rome.example'], user_location: location }
    const { harness, sent } = await ask({ tools: [{ ...entry, max_uses: 3 }] })
    expect(sent[0]?.['tools']).toEqual([
      {
        type: 'web_search',
        filters: { allowed_domains: ['rome.example'] },
        user_location: { type: 'approximate', city: 'Rome', country: 'IT' },
      },
    ])
    expect(harness.lines).toMatchObject([
      { adaptations: [{ field: 'tools.0', value: 'native' }, { field: 'tools.0.max_uses' }] },
    ])
  })

  test('a provider with a web search of its own gets an instruction where the client forces a search', async () => {
    const { sent } = await ask({ tool_choice: { type: 'tool', name: 'web_search' } })
    expect(sent[0]).toMatchObject({ instructions: expect.stringContaining('search the web') })
    expect(sent[0]).not.toHaveProperty('tool_choice')
  })

  test('a provider’s own search that fails has an error in the result', async () => {
    const failed = { ...searchCall, status: 'failed' }
    const { message } = await ask(
      {},
      { upstream: () => responsesStream(failed, outputMessage('No.')) },
    )
    expect(message.content[1]).toMatchObject({
      content: { type: 'web_search_tool_result_error', error_code: 'unavailable' },
    })
    expect(message.usage.server_tool_use.web_search_requests).toBe(0)
  })
})

describe('what a provider’s search cannot keep to', () => {
  const blocked = { tools: [{ ...webSearch, blocked_domains: ['b.example'] }] }
  const own = { model: { server_tools: { web_search: { back_end: 'native' } } } }

  test('a search with rules that a provider cannot follow is left to the back end of the catalog', async () => {
    const tools = { web_search: { back_end: 'tavily' } }
    const upstream = () => responsesStream(outputMessage('Hi.'))
    const { sent } = await ask(blocked, { ...own, tools, upstream })
    expect(sent[0]?.['tools']).toMatchObject([{ type: 'function', name: 'web_search' }])
  })

  test('a search with rules that a provider cannot follow is rejected where there is no other back end', async () => {
    const { message } = await ask(blocked)
    expect(message.error?.message).toContain('web_search_20250305')
  })

  test('a search with rules about paths is one that a provider cannot follow', async () => {
    const { message } = await ask({ tools: [{ ...webSearch, allowed_domains: ['a.example/x'] }] })
    expect(message.error?.message).toContain('web_search_20250305')
  })
})

describe('the history of a provider’s searches', () => {
  test('the history of a provider’s searches is readable for another model, which can cite it', async () => {
    const results = {
      type: 'search_results',
      queries: ['capital'],
      results: [{ url: rome, title: 'Rome', snippet: 'Rome is old.', date: '2026-01-02' }],
    }
    const answers = [
      () => responsesStream(results, outputMessage('Rome is old [1].')),
      () => chatStream(delta({ content: 'Still old [1].' }), delta({}, 'stop')),
    ]
    const { message, send, harness } = await ask(
      {},
      { preset: 'perplexity', upstream: () => answers.shift()?.() ?? eventStream() },
    )
    expect(message.content).toMatchObject([
      { input: { query: 'capital' } },
      { content: [{ url: rome, title: 'Rome', page_age: '2026-01-02' }] },
      { text: 'Rome is old.', citations: [{ url: rome, cited_text: 'Rome is old.' }] },
    ])
    const next = await send({
      model: 'other',
      tools: [],
      messages: [
        { role: 'user', content: 'What is the capital of Italy?' },
        { role: 'assistant', content: message.content },
        { role: 'user', content: 'Really?' },
      ],
    })
    expect(harness.sent[1]?.body).toMatchObject({
      messages: [
        {},
        { tool_calls: [{ function: { name: 'web_search' } }] },
        { role: 'tool', content: expect.stringContaining('Rome is old.') },
        { role: 'assistant', content: 'Rome is old.[1]' },
        {},
      ],
    })
    expect(next.content).toMatchObject([{ type: 'text' }])
  })
})

describe('citations that come after the text', () => {
  const text = 'First 😀 paragraph.\n\nRome is the capital. It is old.'
  const grounding = {
    webSearchQueries: ['capital of Italy'],
    groundingChunks: [{ web: { uri: rome, title: 'rome.example' } }],
    groundingSupports: [
      {
        // In bytes of UTF-8.
        segment: { startIndex: 24, endIndex: 44, text: 'Rome is the capital.' },
        groundingChunkIndices: [0],
      },
    ],
  }
  const candidate = (parts: object[], more: object = {}) => ({
    candidates: [{ content: { parts, role: 'model' }, ...more }],
  })

  test('citations that arrive after the text are those of the last paragraph, before which the search is', async () => {
    const { message } = await ask(
      {},
      {
        preset: 'gemini',
        upstream: () =>
          eventStream(
            candidate([{ text: text.slice(0, 10) }]),
            candidate([{ text: text.slice(10) }]),
            candidate([], { finishReason: 'STOP', groundingMetadata: grounding }),
          ),
      },
    )
    expect(message.content).toMatchObject([
      { type: 'text', text: 'First 😀 paragraph.\n\n' },
      { type: 'server_tool_use', input: { query: 'capital of Italy' } },
      { type: 'web_search_tool_result', content: [{ url: rome }] },
      { type: 'text', text: 'Rome is the capital.', citations: [{ url: rome }] },
      { type: 'text', text: ' It is old.' },
    ])
  })

  test('citations that arrive after the text are at their offsets in chat completions', async () => {
    const url_citation = {
      url: rome,
      title: 'Rome',
      content: 'Rome is the capital of Italy.',
      start_index: 20,
      end_index: 41,
    }
    const { message, sent } = await ask(
      {},
      {
        preset: 'openrouter',
        upstream: () =>
          chatStream(
            delta({ content: text.slice(0, 30) }),
            delta({
              content: text.slice(30),
              annotations: [{ type: 'url_citation', url_citation }],
            }),
            delta({}, 'stop'),
            {
              choices: [],
              usage: {
                prompt_tokens: 9,
                completion_tokens: 9,
                server_tool_use: { web_search_requests: 2 },
              },
            },
          ),
      },
    )
    expect(sent[0]?.['tools']).toEqual([{ type: 'openrouter:web_search' }])
    expect(message.content.slice(1)).toMatchObject([
      { type: 'server_tool_use', input: {} },
      { content: [{ url: rome, title: 'Rome' }] },
      { citations: [{ url: rome, cited_text: 'Rome is the capital of Italy.' }] },
      { text: ' It is old.' },
    ])
    expect(message.usage.server_tool_use.web_search_requests).toBe(2)
  })

  test('text without a search is unchanged by citations that arrive after it', async () => {
    const { message } = await ask(
      {},
      {
        preset: 'gemini',
        upstream: () => eventStream(candidate([{ text }], { finishReason: 'STOP' })),
      },
    )
    expect(message.content).toEqual([{ type: 'text', text }])
  })
})
