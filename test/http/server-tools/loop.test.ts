import { env } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import { readEvents, describeEvent } from '../../support/readers/read-events.ts'
import type { ModelTurn } from '../../support/search.ts'
import { askSearch, createSearchHarness, hits, webSearch } from '../../support/search.ts'

interface Block {
  type: string
  id?: string
  name?: string
  tool_use_id?: string
  text?: string
  content?: unknown
}

interface Answer {
  content: Block[]
  stop_reason: string
  usage: { output_tokens: number; server_tool_use: { web_search_requests: number } }
}

const search = (query: string) => ['web_search', { query }] as const
const weather = { name: 'get_weather', input_schema: { type: 'object', properties: {} } }
const types = ({ content }: Answer) => content.map(({ type }) => type)
const errorOf = (block: Block | undefined) =>
  (block?.content as { error_code?: string } | undefined)?.error_code

async function answer(
  turns: readonly (ModelTurn | (() => Response))[],
  json: object = {},
  options: Parameters<typeof createSearchHarness>[1] = {},
) {
  const harness = await createSearchHarness(turns, options)
  const response = await harness.request('/v1/messages', { json: { ...askSearch, ...json } })
  return { response, message: await response.json<Answer>(), harness }
}

describe('several calls', () => {
  test('several tool calls of one model call run in parallel, with results in order', async () => {
    const { message, harness } = await answer([
      { calls: [search('a'), search('b')] },
      { text: 'Done.' },
    ])
    expect(types(message)).toEqual([
      'server_tool_use',
      'server_tool_use',
      'web_search_tool_result',
      'web_search_tool_result',
      'text',
    ])
    const [one, other, first, second] = message.content
    expect([first?.tool_use_id, second?.tool_use_id]).toEqual([one?.id, other?.id])
    expect(message.usage.server_tool_use.web_search_requests).toBe(2)
    expect(harness.searched()).toHaveLength(2)
  })

  test('tool calls of successive model calls number their results on, so that all can be cited', async () => {
    const { message, harness } = await answer([
      { calls: [search('a')] },
      { calls: [search('b')] },
      { text: 'Old [1] and new [3].' },
    ])
    expect(harness.asked()[2]).toMatchObject({
      messages: [
        {},
        {},
        { content: expect.stringContaining('[1] Rome') },
        {},
        { content: expect.stringContaining('[3] Rome') },
      ],
    })
    const indices = message.content.flatMap(
      (block) => (block as { citations?: { encrypted_index: string }[] }).citations ?? [],
    )
    expect(indices.map(({ encrypted_index: index }) => index.split('.')[1])).toEqual(['1', '3'])
  })

  test('tool calls over `max_uses` are rejected in their results, and the model continues', async () => {
    const { message, harness } = await answer(
      [{ calls: [search('a'), search('b')] }, { text: 'Done.' }],
      { tools: [{ ...webSearch, max_uses: 1 }] },
    )
    expect(errorOf(message.content[3])).toBe('max_uses_exceeded')
    expect(message.usage.server_tool_use.web_search_requests).toBe(1)
    expect(harness.searched()).toHaveLength(1)
  })

  test('endless tool calls stop with `pause_turn`, and continue when the client sends the answer back', async () => {
    const endless = Array.from({ length: 11 }, () => ({ calls: [search('again')] }))
    const { message, harness } = await answer([...endless, { text: 'At last.' }])
    expect(message.stop_reason).toBe('pause_turn')
    expect(message.content).toHaveLength(20)
    expect(harness.asked()).toHaveLength(10)
    const messages = [...askSearch.messages, { role: 'assistant', content: message.content }]
    const next = await harness.request('/v1/messages', { json: { ...askSearch, messages } })
    const continued = await next.json<Answer>()
    expect(types(continued)).toEqual(['server_tool_use', 'web_search_tool_result', 'text'])
    expect(harness.asked()[10]).toMatchObject({
      messages: expect.objectContaining({ length: 21 }) as unknown,
    })
  })
})

describe('a turn with tools of the client’s', () => {
  const tools = [webSearch, weather]
  const mixed = { calls: [search('a'), ['get_weather', { city: 'Rome' }] as const] }

  test('a turn with server tools and client tools leaves the calls of client tools to the client', async () => {
    const { message, harness } = await answer([mixed, { text: 'Sunny.' }], { tools })
    expect(types(message)).toEqual(['server_tool_use', 'tool_use', 'web_search_tool_result'])
    expect(message.stop_reason).toBe('tool_use')
    const call = message.content.find(({ type }) => type === 'tool_use')
    const messages = [
      ...askSearch.messages,
      { role: 'assistant', content: message.content },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: call?.id, content: 'Sunny' }],
      },
    ]
    const next = await harness.request('/v1/messages', { json: { ...askSearch, tools, messages } })
    expect(types(await next.json<Answer>())).toEqual(['text'])
    expect(harness.asked()[1]).toMatchObject({
      messages: [
        { role: 'user' },
        { tool_calls: [{}, {}] },
        { role: 'tool', content: expect.stringContaining('[1] Rome') },
        { role: 'tool', content: 'Sunny' },
      ],
    })
  })

  test('a turn that Anthropic’s servers left unfinished is finished first', async () => {
    const messages = [
      ...askSearch.messages,
      {
        role: 'assistant',
        content: [
          { type: 'server_tool_use', id: 'srvtoolu_01', name: 'web_search', input: { query: 'a' } },
          { type: 'tool_use', id: 'toolu_01', name: 'get_weather', input: {} },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_01', content: 'Sun' }] },
    ]
    const { message, harness } = await answer([{ text: 'Done.' }], { tools, messages })
    expect(types(message)).toEqual(['web_search_tool_result', 'text'])
    expect(message.content[0]?.tool_use_id).toBe('srvtoolu_01')
    expect(harness.asked()[0]).toMatchObject({
      messages: [{}, { tool_calls: [{}, {}] }, { role: 'tool' }, { role: 'tool' }],
    })
  })
})

describe('limits of a request', () => {
  test("a search that would exceed the key's budget is refused before it runs, and the model continues", async () => {
    const { response, message, harness } = await answer(
      [{ calls: [search('a')] }, { calls: [search('b')] }, { text: 'With one.' }],
      {},
      {
        settings: { price: 8 },
        record: { id: crypto.randomUUID(), limits: { budgets: [{ usd: 0.01, period: 'day' }] } },
        vars: { LEDGER: env.LEDGER },
        model: { price: { input: 0, output: 0 } },
      },
    )
    expect(response.status).toBe(200)
    expect(harness.searched()).toHaveLength(1)
    expect(message.content.map(errorOf)).toEqual([
      undefined,
      undefined,
      undefined,
      'too_many_requests',
      undefined,
    ])
    expect(message.content.at(-1)?.text).toBe('With one.')
    expect(harness.lines).toMatchObject([{ server_tools: { web_search: 1, costUsd: 0.008 } }])
  })

  test('searches over those of the day are refused in their results, and a key without any makes none', async () => {
    const turns = [{ calls: [search('a'), search('b')] }, { text: 'With one.' }]
    const vars = { LEDGER: env.LEDGER }
    const id = crypto.randomUUID()
    const limited = await answer(
      [...turns, { calls: [search('c')] }, { text: 'None.' }],
      {},
      {
        record: { id, limits: { web_search: 1 } },
        vars,
      },
    )
    expect(limited.message.content.map(errorOf).filter(Boolean)).toEqual(['too_many_requests'])
    await limited.harness.settled()
    const next = await limited.harness.request('/v1/messages', { json: askSearch })
    const later = await next.json<Answer>()
    expect(later.content.map(errorOf).filter(Boolean)).toEqual(['too_many_requests'])
    expect(limited.harness.searched()).toHaveLength(1)
    const forbidden = await answer(turns, {}, { record: { limits: { web_search: 0 } } })
    expect(forbidden.harness.searched()).toHaveLength(0)
  })

  test('a forced tool is forced in the first model call only', async () => {
    const { message, harness } = await answer([{ calls: [search('a')] }, { text: 'Done.' }], {
      tool_choice: { type: 'tool', name: 'web_search' },
    })
    expect(message.stop_reason).toBe('end_turn')
    expect(harness.asked().map(({ tool_choice: choice }) => choice)).toEqual([
      { type: 'function', function: { name: 'web_search' } },
      'auto',
    ])
  })

  test('`max_tokens` holds for the whole answer', async () => {
    const { message, harness } = await answer(
      [
        { calls: [search('a')], usage: [10, 60] },
        { calls: [search('b')], usage: [10, 40] },
      ],
      { max_tokens: 100 },
    )
    expect(message.stop_reason).toBe('max_tokens')
    expect(harness.asked()).toHaveLength(2)
    expect(JSON.stringify(harness.asked()[1])).toContain(':40')
    expect(message.usage.output_tokens).toBe(100)
  })

  test('a budget of thinking shrinks with `max_tokens`', async () => {
    const { response, harness } = await answer(
      [{ calls: [search('a')], usage: [10, 800] }, { text: 'Done.' }],
      { max_tokens: 3000, thinking: { type: 'enabled', budget_tokens: 2500 } },
    )
    expect(response.status).toBe(200)
    expect(harness.asked()).toHaveLength(2)
  })

  test('a request that breaks a rule is rejected as any other', async () => {
    const { response, message } = await answer([], {
      thinking: { type: 'enabled', budget_tokens: 2500 },
    })
    expect(response.status).toBe(400)
    expect(message).toMatchObject({ error: { type: 'invalid_request_error' } })
  })

  test('a call that the token limit truncated is not run', async () => {
    const { message, harness } = await answer([{ calls: [search('a')], finish: 'length' }])
    expect(message.stop_reason).toBe('max_tokens')
    expect(errorOf(message.content[1])).toBe('invalid_tool_input')
    expect(harness.searched()).toEqual([])
  })

  test('both lists of domains are a contradiction', async () => {
    const tool = { ...webSearch, allowed_domains: ['a.example'], blocked_domains: ['b.example'] }
    const { response, message } = await answer([], { tools: [tool] })
    expect(response.status).toBe(400)
    expect(message).toMatchObject({
      error: { type: 'invalid_request_error', message: expect.stringMatching(/^tools\.0: /) },
    })
  })

  test('domains are given to the back end and hold for what it returns', async () => {
    const tool = { ...webSearch, allowed_domains: ['italy.example/b*'] }
    const { message, harness } = await answer([{ calls: [search('a')] }, { text: 'x' }], {
      tools: [tool],
    })
    expect(harness.searched()[0]?.body).toMatchObject({ include_domains: ['italy.example'] })
    expect(message.content[1]?.content).toMatchObject([{ url: hits[1]?.url }])
  })
})

describe('a back end', () => {
  const failing = (respond: (request: Request) => Response | Promise<Response>, settings = {}) =>
    answer([{ calls: [search('a')] }, { text: 'Without it.' }], {}, { search: respond, settings })

  test.each([
    ['that is down', 'unavailable', () => Promise.reject(new Error('refused'))],
    ['that fails', 'unavailable', () => new Response('oops', { status: 500 })],
    ['that limits requests', 'too_many_requests', () => new Response('', { status: 429 })],
    ['that refuses the query', 'invalid_tool_input', () => new Response('', { status: 400 })],
    ['that answers with a page', 'unavailable', () => new Response('<html>Hello</html>')],
    ['that redirects', 'unavailable', () => new Response('', { status: 302 })],
    ['with other JSON', 'unavailable', () => Response.json({ message: 'hello' })],
    [
      'that does not stop',
      'unavailable',
      () => new Response(JSON.stringify({ results: ['x'.repeat(5 * 1024 * 1024)] })),
    ],
  ])('a back end %s is an error in the result, which the model gets', async (_, code, respond) => {
    const { response, message, harness } = await failing(respond)
    expect(response.status).toBe(200)
    expect(errorOf(message.content[1])).toBe(code)
    expect(message.content[2]).toMatchObject({ type: 'text', text: 'Without it.' })
    expect(message.usage.server_tool_use.web_search_requests).toBe(0)
    expect(harness.asked()[1]).toMatchObject({
      messages: [{}, {}, { role: 'tool', content: expect.stringContaining(code) }],
    })
    expect(harness.lines).toMatchObject([{ server_tools: { web_search: 0, costUsd: 0 } }])
  })

  test('a back end whose secret is missing is unavailable, which the log explains', async () => {
    const { message, harness } = await failing(() => Response.json({ results: hits }), {
      secret: 'NO_SUCH_SECRET',
    })
    expect(errorOf(message.content[1])).toBe('unavailable')
    expect(harness.searched()).toEqual([])
    expect(harness.lines).toMatchObject([
      { server_tools: { failed: ['tavily: secret NO_SUCH_SECRET is missing'] } },
    ])
  })

  test('a back end is billed by its price, in addition to the model', async () => {
    const { harness } = await answer(
      [{ calls: [search('a'), search('b')] }, { text: 'x' }],
      {},
      { settings: { price: 5 }, model: { price: { input: 1, output: 1 } } },
    )
    expect(harness.lines).toMatchObject([
      { costUsd: 0.01 + 30 / 1e6, server_tools: { web_search: 2, web_fetch: 0, costUsd: 0.01 } },
    ])
  })

  test('a back end that returns markup, doubles and bad URLs gives clean results', async () => {
    const results = [
      { title: '<b>A</b> &amp; B', url: 'https://a.example/', content: 'One<br>two &lt;3' },
      { title: 'Again', url: 'https://a.example', content: '' },
      { title: 'Bad', url: 'javascript:alert(1)', content: '' },
      { title: '', url: 'https://no-title.example/x', content: '' },
    ]
    const { message } = await failing(() => Response.json({ results }))
    expect(message.content[1]?.content).toMatchObject([
      { title: 'A & B', url: 'https://a.example/' },
      { title: 'no-title.example', url: 'https://no-title.example/x', page_age: null },
    ])
  })
})

describe('a model that fails in the middle', () => {
  const down = () => new Response('{"error":{"message":"down"}}', { status: 500 })

  test('a model that fails in the middle ends a stream with an error, never with a false end', async () => {
    const { request } = await createSearchHarness([
      { calls: [search('a')] },
      ...Array.from({ length: 5 }, () => down),
    ])
    const response = await request('/v1/messages', { json: { ...askSearch, stream: true } })
    const events = readEvents(await response.text()).map(describeEvent)
    expect(events.slice(-2)).toEqual(['1 stop', 'error'])
  })

  test('a model that fails in the middle fails over where nothing of that model call was sent', async () => {
    const targets = ['up', 'other'].map((model) => ({ provider: 'chat', model }))
    const turns = [{ calls: [search('a')] }, down, { text: 'Up.' }]
    const { response, message, harness } = await answer(turns, {}, { model: { targets } })
    expect(harness.asked().map(({ model }) => model)).toEqual(['up', 'up', 'other'])
    expect(response.status).toBe(200)
    expect(types(message)).toEqual(['server_tool_use', 'web_search_tool_result', 'text'])
  })
})

describe('a client that disconnects during a search', () => {
  test('a client that disconnects during a search aborts it', async () => {
    const client = new AbortController()
    let aborted: Promise<void> | undefined
    const { request, settled, lines } = await createSearchHarness([{ calls: [search('a')] }], {
      search: ({ signal }) => {
        const { promise, resolve } = Promise.withResolvers<void>()
        aborted = promise
        signal.addEventListener('abort', () => resolve())
        queueMicrotask(() => client.abort())
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')))
        })
      },
    })
    const response = await request('/v1/messages', {
      json: { ...askSearch, stream: true },
      signal: client.signal,
    })
    await response.text().catch(() => '')
    await aborted
    await settled()
    expect(lines).toMatchObject([{ status: 499 }])
  })
})
