/** Answers with tools of MCP servers: their streams, and conversations that go on. */
import { describe, expect, test } from 'vitest'

import '../../support/workers-platform.ts'
import { askedOf, askMcp, call, createMcpHarness, scriptMcp, toolset } from '../../support/mcp.ts'
import type { ModelTurn } from '../../support/search.ts'

const weather = { name: 'get_weather', input_schema: { type: 'object', properties: {} } }
const failing = { isError: true, content: [{ type: 'text', text: 'No.' }] }

interface Message {
  content: { type: string; id?: string; tool_use_id?: string; is_error?: boolean }[]
  stop_reason: string
  usage: { input_tokens: number; output_tokens: number }
}

const types = ({ content }: Message): string[] => content.map(({ type }) => type)

describe('an answer with', () => {
  const shapes: {
    name: string
    turns: ModelTurn[]
    json?: object
    headers?: object
    call?: () => object
  }[] = [
    {
      name: 'a tool of an MCP server',
      turns: [
        { reasoning: 'I add.', text: 'Let me see.', calls: [call('add', { a: 1 })] },
        { text: 'Three.' },
      ],
    },
    {
      name: 'a listing, and two tools of an MCP server at once',
      turns: [{ calls: [call('add', { a: 1 }), call('add', { a: 2 })] }, { text: 'Both.' }],
      headers: { 'anthropic-beta': 'mcp-client-2026-09-15' },
    },
    {
      name: 'a tool of an MCP server that fails beside a call of the client',
      turns: [{ calls: [call('add', {}), ['get_weather', { city: 'Rome' }]] }],
      json: { tools: [toolset, weather] },
      call: () => failing,
    },
  ]

  test.each(shapes)(
    'an answer with $name streams as in its golden',
    async ({ name, turns, json, headers = {}, ...script }) => {
      const harness = await createMcpHarness(turns, scriptMcp(script))
      const response = await harness.request('/v1/messages', {
        json: { ...askMcp, stream: true, ...json },
        headers: { 'x-stainless-timeout': '1', ...headers },
      })
      const file = `../golden/${name.replaceAll(/\W+/g, '-')}.sse`
      await expect(await response.text()).toMatchFileSnapshot(file)
    },
  )
})

test('calls of the client are left to it, and its next request has all results', async () => {
  const mixed = { calls: [call('add', {}), ['get_weather', { city: 'Rome' }] as const] }
  const harness = await createMcpHarness([mixed, { text: 'Sunny.' }], scriptMcp())
  const json = { ...askMcp, tools: [toolset, weather] }
  const first = await (await harness.request('/v1/messages', { json })).json<Message>()
  expect([types(first), first.stop_reason]).toEqual([
    ['mcp_tool_use', 'tool_use', 'mcp_tool_result'],
    'tool_use',
  ])
  const id = first.content[1]?.id
  const messages = [
    ...askMcp.messages,
    { role: 'assistant', content: first.content },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'Sun' }] },
  ]
  const next = await harness.request('/v1/messages', { json: { ...json, messages } })
  expect(types(await next.json<Message>())).toEqual(['text'])
  expect(harness.asked()[1]).toMatchObject({
    messages: [
      { role: 'user' },
      {
        tool_calls: [
          { function: { name: 'mcp__calc__add' } },
          { function: { name: 'get_weather' } },
        ],
      },
      { role: 'tool', content: '3' },
      { role: 'tool', content: 'Sun' },
    ],
  })
})

test('a call that an earlier answer left open is run first', async () => {
  const harness = await createMcpHarness([{ text: 'Done.' }], scriptMcp())
  const open = {
    type: 'mcp_tool_use',
    id: 'mcptoolu_01',
    name: 'add',
    server_name: 'calc',
    input: {},
  }
  const gone = { ...open, id: 'mcptoolu_02', name: 'gone' }
  const messages = [...askMcp.messages, { role: 'assistant', content: [open, gone] }]
  const response = await harness.request('/v1/messages', { json: { ...askMcp, messages } })
  const { content } = await response.json<Message>()
  expect(content).toMatchObject([
    { type: 'mcp_tool_result', tool_use_id: 'mcptoolu_01', is_error: false },
    { type: 'mcp_tool_result', tool_use_id: 'mcptoolu_02', is_error: true },
    { type: 'text' },
  ])
})

test('an answer pauses after ten model calls, each of which is counted', async () => {
  const turns = Array.from({ length: 11 }, () => ({ calls: [call('add', {})] }))
  const harness = await createMcpHarness(turns, scriptMcp())
  const response = await harness.request('/v1/messages', { json: askMcp })
  const message = await response.json<Message>()
  expect([message.stop_reason, harness.asked().length]).toEqual(['pause_turn', 10])
  expect(message.usage).toMatchObject({ input_tokens: 100, output_tokens: 50 })
  expect(harness.lines).toMatchObject([{ server_tools: { mcp: 10, costUsd: 0 } }])
})

test('requests to MCP servers count against `max_subrequests`', async () => {
  const turns = Array.from({ length: 11 }, () => ({ calls: [call('add', {})] }))
  const harness = await createMcpHarness(turns, scriptMcp(), { bounds: { max_subrequests: 9 } })
  const response = await harness.request('/v1/messages', { json: askMcp })
  expect((await response.json<Message>()).stop_reason).toBe('pause_turn')
  // Two for the host, four for the handshake, the listing and the session, then one for each call and model call.
  expect(harness.asked().length).toBe(2)
})

test('arguments that are no object are an error which the model reads', async () => {
  const turns = [{ calls: [['mcp__calc__add', [1] as object] as const] }, { text: 'Sorry.' }]
  const harness = await createMcpHarness(turns, scriptMcp())
  const response = await harness.request('/v1/messages', { json: askMcp })
  const { content } = await response.json<Message>()
  expect(content[1]).toMatchObject({
    is_error: true,
    content: [{ text: 'The arguments are not a JSON object.' }],
  })
  expect(askedOf(harness)).not.toContain('tools/call')
})

test('an Anthropic upstream gets servers, toolsets and blocks as they are, and is left to call them', async () => {
  const answer = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-x',
    content: [{ type: 'text', text: 'Hi.' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 1, output_tokens: 1 },
  }
  const harness = await createMcpHarness([() => Response.json(answer)], scriptMcp())
  const use = {
    type: 'mcp_tool_use',
    id: 'mcptoolu_1',
    name: 'add',
    server_name: 'calc',
    input: {},
  }
  const result = {
    type: 'mcp_tool_result',
    tool_use_id: 'mcptoolu_1',
    is_error: false,
    content: '3',
  }
  const messages = [
    ...askMcp.messages,
    { role: 'assistant', content: [use, result] },
    ...askMcp.messages,
  ]
  const json = { ...askMcp, model: 'claude-x', messages }
  await (await harness.request('/v1/messages', { json })).text()
  expect(harness.asked()[0]).toEqual(json)
  expect(askedOf(harness)).toEqual([])
})
