import { describe, expect, test } from 'vitest'

import { createHarness } from '../../support/app.ts'
import type { ModelTurn } from '../../support/search.ts'
import { toModelStream } from '../../support/search.ts'

const catalog = (settings?: object) => ({
  version: 1,
  providers: { chat: { dialect: 'openai-chat', base_url: 'http://chat.test/v1', secret: null } },
  models: [{ id: 'm', targets: [{ provider: 'chat', model: 'up' }] }],
  ...(settings === undefined ? {} : { server_tools: { tool_search: settings } }),
})

const tool = (name: string, description = '', deferred = true) => ({
  name,
  description,
  input_schema: { type: 'object', properties: { city: { type: 'string' } } },
  ...(deferred ? { defer_loading: true } : {}),
})
const bm25 = { type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' }
const regex = { type: 'tool_search_tool_regex_20251119', name: 'tool_search_tool_regex' }
const tools = [
  bm25,
  regex,
  tool('always', '', false),
  tool('get_weather', 'Reads the weather'),
  tool('send_mail'),
]
const user = { role: 'user', content: 'How is the weather?' }

interface Message {
  content: { type: string; name?: string; content?: unknown }[]
  stop_reason: string
}

async function ask(
  turns: readonly ModelTurn[],
  json: object = {},
  settings: object | false = { min_tools: 1 },
) {
  const left = [...turns]
  const gateway = await createHarness({
    catalog: catalog(settings === false ? undefined : settings),
    upstream: () => toModelStream(left.shift() ?? { text: 'Done.' }),
  })
  const response = await gateway.request('/v1/messages', {
    json: { model: 'm', max_tokens: 500, tools, messages: [user], ...json },
  })
  const message = await response.json<
    Message & { error?: { message: string; details?: unknown } }
  >()
  const offered = gateway.sent.map(({ body }) =>
    (body as { tools: { function: { name: string } }[] }).tools.map((one) => one.function.name),
  )
  return { message, response, offered, sent: gateway.sent }
}

const always = ['tool_search_tool_bm25', 'tool_search_tool_regex', 'always']

describe('a search of deferred tools', () => {
  test.each([
    ['tool_search_tool_bm25', 'the weather'],
    ['tool_search_tool_regex', '(?i)WEATHER'],
  ])(
    'a search of deferred tools with %s loads what it finds, and nothing else',
    async (name, query) => {
      const { message, offered } = await ask([
        { calls: [[name, { query }]] },
        { calls: [['get_weather', { city: 'Rome' }]] },
      ])
      expect(offered).toStrictEqual([always, [...always, 'get_weather']])
      expect(message.content.map(({ type }) => type)).toStrictEqual([
        'server_tool_use',
        'tool_search_tool_result',
        'tool_use',
      ])
      expect(message.content[1]?.content).toMatchObject({
        type: 'tool_search_tool_search_result',
        tool_references: [{ type: 'tool_reference', tool_name: 'get_weather' }],
      })
      expect(message.stop_reason).toBe('tool_use')
    },
  )

  test('a search of deferred tools is streamed in Anthropic’s order, with the references whole in their start', async () => {
    const turns = [
      toModelStream({
        text: 'Let me look.',
        calls: [['tool_search_tool_bm25', { query: 'mail' }]],
      }),
      toModelStream({ calls: [['send_mail', { city: 'Rome' }]] }),
    ]
    const gateway = await createHarness({
      catalog: catalog({ min_tools: 1 }),
      upstream: () => turns.shift() ?? new Response(null, { status: 500 }),
    })
    const response = await gateway.request('/v1/messages', {
      json: { model: 'm', max_tokens: 500, stream: true, tools, messages: [user] },
    })
    const events = [...(await response.text()).matchAll(/^data: (.*)$/gm)].map(
      ([, data]) => JSON.parse(data ?? '') as { type: string; content_block?: { type: string } },
    )
    const order = events.map(({ type, content_block: block }) => block?.type ?? type)
    expect(order.filter((type) => type !== 'ping')).toStrictEqual([
      'message_start',
      'text',
      'content_block_delta',
      'content_block_stop',
      'server_tool_use',
      'content_block_delta',
      'content_block_stop',
      'tool_search_tool_result',
      'content_block_stop',
      'tool_use',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
    expect(JSON.stringify(events)).toContain('"tool_references":[{"type":"tool_reference"')
  })

  test('a search of deferred tools keeps what the conversation has loaded, in the order in which it was found', async () => {
    const first = await ask([
      { calls: [['tool_search_tool_bm25', { query: 'mail' }]] },
      { text: 'Found.' },
    ])
    const { offered, sent } = await ask([{ text: 'Ok.' }], {
      messages: [user, { role: 'assistant', content: first.message.content }, user],
    })
    expect(offered).toStrictEqual([[...always, 'send_mail']])
    expect(JSON.stringify(sent[0]?.body)).toContain('These tools were found')
  })

  test.each([
    ['(', 'invalid_tool_input'],
    ['x'.repeat(201), 'invalid_tool_input'],
    ['', 'invalid_tool_input'],
  ])('a search of deferred tools by %j returns what is wrong to the model', async (query, code) => {
    const { message } = await ask([{ calls: [['tool_search_tool_regex', { query }]] }])
    expect(message.content[1]?.content).toMatchObject({
      type: 'tool_search_tool_result_error',
      error_code: code,
    })
    expect(message.content.at(-1)).toMatchObject({ type: 'text', text: 'Done.' })
  })

  test('a search of deferred tools is not offered for a few tools, which are all loaded', async () => {
    const { offered } = await ask([{ text: 'Ok.' }], {}, false)
    expect(offered).toStrictEqual([['always', 'get_weather', 'send_mail']])
  })

  test('a search of deferred tools loads a deferred tool that is forced', async () => {
    const { offered } = await ask([{ calls: [['send_mail', {}]] }], {
      tool_choice: { type: 'tool', name: 'send_mail' },
    })
    expect(offered).toStrictEqual([[...always, 'send_mail']])
  })

  test('a search of deferred tools is refused where all tools are deferred, or a reference names none', async () => {
    const deferred = await ask([], { tools: [tool('a'), { ...bm25, defer_loading: true }] })
    expect(deferred.response.status).toBe(400)
    expect(deferred.message.error?.message).toContain('All tools have defer_loading set.')
    const call = { type: 'tool_use', id: 'toolu_1', name: 'always', input: {} }
    const reference = { type: 'tool_reference', tool_name: 'gone' }
    const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: [reference] }
    const unknown = await ask([], {
      messages: [user, { role: 'assistant', content: [call] }, { role: 'user', content: [result] }],
    })
    expect(unknown.response.status).toBe(400)
    expect(unknown.message.error).toMatchObject({
      message: "Tool reference 'gone' not found in available tools",
      details: { error_code: 'tool_reference_unresolved' },
    })
  })
})
