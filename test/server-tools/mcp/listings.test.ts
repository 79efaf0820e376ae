/** When an MCP server is asked for its tools, and who else learns of them. */
import { describe, expect, test, vi } from 'vitest'

import { BoundedCache } from '../../../src/platform/bounded-cache.ts'
import type { McpConnection } from '../../../src/server-tools/mcp/connection.ts'
import type { CachedListing } from '../../../src/server-tools/mcp/listing.ts'
import { listTools } from '../../../src/server-tools/mcp/listing.ts'
import { McpToolset } from '../../../src/server-tools/mcp/toolset.ts'
import { askedOf, askMcp, call, createMcpHarness, scriptMcp, toolset } from '../../support/mcp.ts'
import { readEvents } from '../../support/readers/read-events.ts'

vi.stubGlobal('IdentityTransformStream', TransformStream)

const withListings = { 'anthropic-beta': 'mcp-client-2026-09-15' }
const listed = {
  type: 'mcp_tool_listing',
  mcp_server_name: 'calc',
  tools: [{ name: 'add', description: 'Adds numbers', input_schema: { type: 'object' } }],
}
const handshake = ['initialize', 'notifications/initialized']

interface Message {
  content: { type: string }[]
}

test('an answer begins with the listing, which the client sends back in place of another one', async () => {
  const turns = [{ calls: [call('add', {})] }, { text: 'Three.' }, { text: 'Yes.' }]
  const harness = await createMcpHarness(turns, scriptMcp())
  const init = { json: askMcp, headers: withListings }
  const first = await harness.request('/v1/messages', init)
  const { content } = await first.json<Message>()
  expect(content[0]).toEqual(listed)
  const messages = [
    ...askMcp.messages,
    { role: 'assistant', content },
    { role: 'user', content: 'Sure?' },
  ]
  // The tools of the conversation hold, also where the server could no longer be asked.
  const servers = [{ ...askMcp.mcp_servers[0], authorization_token: 'another' }]
  const next = await harness.request('/v1/messages', {
    json: { ...askMcp, mcp_servers: servers, messages },
    headers: withListings,
  })
  expect((await next.json<Message>()).content).toEqual([{ type: 'text', text: 'Yes.' }])
  expect(askedOf(harness)).toEqual([...handshake, 'tools/list', 'tools/call'])
  expect(harness.asked()[2]).toMatchObject({
    tools: [{ function: { name: 'mcp__calc__add' } }],
    messages: [
      { role: 'user' },
      { role: 'assistant', tool_calls: [{ function: { name: 'mcp__calc__add' } }] },
      { role: 'tool', content: '3' },
      { role: 'assistant', content: 'Three.' },
      { role: 'user' },
    ],
  })
})

test('a streamed answer has the listing first, as a block that is complete when it starts', async () => {
  const harness = await createMcpHarness([{ text: 'Hi.' }], scriptMcp())
  const json = { ...askMcp, stream: true }
  const response = await harness.request('/v1/messages', { json, headers: withListings })
  const starts = readEvents(await response.text()).flatMap((event) =>
    event['type'] === 'content_block_start' ? [event] : [],
  )
  expect(starts).toMatchObject([
    { index: 0, content_block: listed },
    { index: 1, content_block: { type: 'text' } },
  ])
})

test('an older version has no listings in its answers', async () => {
  const harness = await createMcpHarness([{ text: 'Hi.' }], scriptMcp())
  const response = await harness.request('/v1/messages', { json: askMcp })
  expect((await response.json<Message>()).content).toEqual([{ type: 'text', text: 'Hi.' }])
})

test('a model that fails after the listing is still answered with its status', async () => {
  const overloaded = () => Response.json({ error: { message: 'busy' } }, { status: 429 })
  const harness = await createMcpHarness([overloaded, overloaded, overloaded], scriptMcp())
  const json = { ...askMcp, stream: true }
  const response = await harness.request('/v1/messages', { json, headers: withListings })
  expect(response.status).toBe(429)
})

describe('a listing is cached', () => {
  const lists = (harness: Parameters<typeof askedOf>[0]): number =>
    askedOf(harness).filter((method) => method === 'tools/list').length

  test('a listing is cached for the same key, URL and token, and then the server gets no request', async () => {
    const harness = await createMcpHarness([{ text: 'A' }, { text: 'B' }], scriptMcp())
    await (await harness.request('/v1/messages', { json: askMcp })).text()
    const before = harness.sent.length
    await (await harness.request('/v1/messages', { json: askMcp })).text()
    expect(lists(harness)).toBe(1)
    expect(harness.sent.length - before).toBe(1)
  })

  test('a listing is not cached for another token or URL', async () => {
    const harness = await createMcpHarness([{}, {}, {}], scriptMcp())
    const [server] = askMcp.mcp_servers
    for (const fields of [{}, { authorization_token: 'b' }, { url: 'https://mcp.example/b' }]) {
      const json = { ...askMcp, mcp_servers: [{ ...server, ...fields }] }
      await (await harness.request('/v1/messages', { json })).text()
    }
    expect(lists(harness)).toBe(3)
  })
})

test('a cached listing is of one key, for five minutes', async () => {
  let [asked, now] = [0, 0]
  const connection = {
    list: async () => {
      asked += 1
      return [{ name: `tool_${asked}`, input_schema: {} }]
    },
  } as unknown as McpConnection
  const server = {
    name: 's',
    url: new URL('https://mcp.example/'),
    token: 'caller-token',
    path: '',
  }
  const cache = new BoundedCache<CachedListing>(10)
  const list = async (keyId: string): Promise<string | undefined> => {
    const { signal } = new AbortController()
    const context = { messages: [], keyId, cache, now: () => now, signal }
    const { tools } = await listTools(new McpToolset(server, 0, {}), connection, context)
    return tools[0]?.name
  }
  expect([await list('a'), await list('b'), await list('a')]).toEqual([
    'tool_1',
    'tool_2',
    'tool_1',
  ])
  now = 5 * 60_000
  expect(await list('a')).toBe('tool_3')
  expect(JSON.stringify([...cache.entries()])).not.toContain('caller-token')
})

test('many tools that are deferred are found by a tool search, and then called', async () => {
  const tools = Array.from({ length: 40 }, (_, index) => ({
    name: index === 7 ? 'get_weather' : `tool_${index}`,
    description: index === 7 ? 'Weather of a city' : 'Something else',
    inputSchema: { type: 'object' },
  }))
  const turns = [
    { calls: [['tool_search_tool_bm25', { query: 'weather' }] as const] },
    { calls: [call('get_weather', { city: 'Rome' })] },
    { text: 'Sunny.' },
  ]
  const harness = await createMcpHarness(turns, scriptMcp({ tools }))
  const json = {
    ...askMcp,
    tools: [
      { type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' },
      { ...toolset, default_config: { defer_loading: true } },
    ],
  }
  const response = await harness.request('/v1/messages', { json })
  const { content } = await response.json<Message>()
  expect(content.map(({ type }) => type)).toEqual([
    'server_tool_use',
    'tool_search_tool_result',
    'mcp_tool_use',
    'mcp_tool_result',
    'text',
  ])
  const names = harness
    .asked()
    .map(({ tools: offered }) =>
      (offered as { function: { name: string } }[]).map((tool) => tool.function.name),
    )
  const found = ['tool_search_tool_bm25', 'mcp__calc__get_weather']
  expect(names).toEqual([['tool_search_tool_bm25'], found, found])
})

test('a count of tokens has the tools of the servers', async () => {
  const harness = await createMcpHarness([], scriptMcp())
  const { max_tokens: _, ...asked } = askMcp
  const count = async (json: object): Promise<number> => {
    const response = await harness.request('/v1/messages/count_tokens', { json })
    return (await response.json<{ input_tokens: number }>()).input_tokens
  }
  const plain = { ...asked, mcp_servers: undefined, tools: undefined }
  expect(await count(asked)).toBeGreaterThan((await count(plain)) + 10)
  expect(askedOf(harness)).toContain('tools/list')
})
