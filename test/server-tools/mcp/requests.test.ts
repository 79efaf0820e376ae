/** Which MCP servers and toolsets a request may have. */
import { describe, expect, test } from 'vitest'

import { askedOf, askMcp, createMcpHarness, scriptMcp, toolset } from '../../support/mcp.ts'

const server = askMcp.mcp_servers[0]
const unreachable = () => {
  throw new Error('no server is called')
}

async function refusal(json: object, bounds: object = {}) {
  const harness = await createMcpHarness([], unreachable, { bounds })
  const response = await harness.request('/v1/messages', { json: { ...askMcp, ...json } })
  const { error } = await response.json<{ error: { type: string; message: string } }>()
  expect(harness.sent).toEqual([])
  return { status: response.status, type: error.type, message: error.message }
}

const servers = (fields: object) => ({ mcp_servers: [{ ...server, ...fields }] })

describe('a request is invalid', () => {
  test.each([
    [
      'whose toolset names an unknown server',
      { tools: [toolset, { ...toolset, mcp_server_name: 'other' }] },
      'tools.1.mcp_server_name: MCP server "other" is not defined in mcp_servers',
    ],
    [
      'with a toolset and no servers',
      { mcp_servers: undefined },
      'tools.0.mcp_server_name: MCP server "calc" is not defined in mcp_servers',
    ],
    [
      'whose server has no toolset',
      { tools: [] },
      'mcp_servers.0: MCP server "calc" is not used by any mcp_toolset in tools; each server needs exactly one',
    ],
    [
      'whose server has two toolsets',
      { tools: [toolset, toolset] },
      'tools.1.mcp_server_name: MCP server "calc" already has an mcp_toolset; each server needs exactly one',
    ],
    [
      'with two servers of one name',
      { mcp_servers: [server, server] },
      'mcp_servers.1.name: MCP server names must be unique, and "calc" is not',
    ],
    [
      'with a server of another type',
      servers({ type: 'stdio' }),
      'mcp_servers.0.type: Input should be "url"',
    ],
    [
      'with a server without a name',
      servers({ name: undefined }),
      'mcp_servers.0.name: a name is required',
    ],
    [
      'with a URL that is none',
      servers({ url: 'mcp' }),
      'mcp_servers.0.url: a valid URL of at most 2048 characters is expected',
    ],
    [
      'with a URL without encryption',
      servers({ url: 'http://mcp.example/' }),
      'mcp_servers.0.url: URL must use https',
    ],
    [
      'with credentials in a URL',
      servers({ url: 'https://a:b@mcp.example/' }),
      'mcp_servers.0.url: credentials belong in authorization_token',
    ],
    [
      'with an address in place of a host',
      servers({ url: 'https://10.0.0.1/' }),
      'mcp_servers.0.url: the server must be publicly reachable',
    ],
    [
      'with another notation of an address',
      servers({ url: 'https://0x7f.1/' }),
      'mcp_servers.0.url: the server must be publicly reachable',
    ],
    [
      'with a host that is local',
      servers({ url: 'https://localhost/' }),
      'mcp_servers.0.url: the server must be publicly reachable',
    ],
    [
      'with the host of a provider',
      servers({ url: 'https://chat.test/' }),
      'mcp_servers.0.url: the server must be publicly reachable',
    ],
    [
      'with another port',
      servers({ url: 'https://mcp.example:8443/' }),
      'mcp_servers.0.url: the server must be publicly reachable',
    ],
    [
      'with too many servers',
      { mcp_servers: Array.from({ length: 21 }, (_, index) => ({ ...server, name: `s${index}` })) },
      'mcp_servers: at most 20 MCP servers are allowed',
    ],
  ])('a request with MCP servers is invalid %s', async (_what, json, message) => {
    expect(await refusal(json)).toEqual({ status: 400, type: 'invalid_request_error', message })
  })

  test('a request with MCP servers is invalid where the operator disabled them', async () => {
    const { status, message } = await refusal({}, { mcp: false })
    expect([status, message]).toEqual([
      400,
      'mcp_servers: the MCP connector is disabled for this model.',
    ])
  })

  test('a request that names an MCP server which the operator does not list is invalid', async () => {
    const { message } = await refusal({}, { mcp: { origins: ['https://other.example'] } })
    expect(message).toBe(
      'mcp_servers.0.url: this gateway does not allow MCP servers of this origin',
    )
  })
})

describe('pinned tools', () => {
  const tools = ['read', 'write', 'erase'].map((name) => ({
    name,
    description: `Does ${name}`,
    input_schema: { type: 'object', properties: {} },
  }))

  async function offered(json: object) {
    const harness = await createMcpHarness([{ text: 'Hi.' }], unreachable)
    const response = await harness.request('/v1/messages', { json: { ...askMcp, ...json } })
    const [asked] = harness.asked() as { tools?: { function: { name: string } }[] }[]
    return { response, names: asked?.tools?.map((tool) => tool.function.name) }
  }

  test('pinned tools are offered without a request to their server', async () => {
    const { names } = await offered({ tools: [{ ...toolset, tools }] })
    expect(names).toEqual(['mcp__calc__read', 'mcp__calc__write', 'mcp__calc__erase'])
  })

  test('pinned tools are left out where they are disabled, by default or by name', async () => {
    const some = { ...toolset, tools, configs: { erase: { enabled: false } } }
    expect((await offered({ tools: [some] })).names).toEqual([
      'mcp__calc__read',
      'mcp__calc__write',
    ])
    const none = { ...toolset, tools, default_config: { enabled: false } }
    expect((await offered({ tools: [none] })).names).toBeUndefined()
    const one = { ...none, configs: { read: { enabled: true } } }
    expect((await offered({ tools: [one] })).names).toEqual(['mcp__calc__read'])
  })

  test('pinned tools that are configured but not listed are reported', async () => {
    const { response } = await offered({ tools: [{ ...toolset, tools, configs: { gone: {} } }] })
    expect(response.headers.get('gateway-adapted')).toContain('"tools.0.configs.gone";ignore')
    expect(response.headers.get('gateway-adapted')).toContain('"mcp_servers";map="gateway"')
  })

  test('pinned tools get unique names that every upstream accepts', async () => {
    const long = { name: 'x'.repeat(80), input_schema: {} }
    const odd = { name: 'a.b/c', input_schema: {} }
    const client = { name: 'mcp__calc__read', input_schema: { type: 'object', properties: {} } }
    const { names = [] } = await offered({
      tools: [client, { ...toolset, tools: [...tools, long, odd] }],
    })
    expect(new Set(names).size).toBe(6)
    expect(names[0]).toBe('mcp__calc__read')
    expect(names.filter((name) => !/^[a-zA-Z0-9_-]{1,64}$/.test(name))).toEqual([])
  })
})

test('the deprecated form allows tools at the server, and needs no toolset', async () => {
  const tools = ['read', 'write'].map((name) => ({ name, inputSchema: { type: 'object' } }))
  const harness = await createMcpHarness([{ text: 'Hi.' }], scriptMcp({ tools }))
  const json = {
    ...askMcp,
    tools: undefined,
    mcp_servers: [{ ...server, tool_configuration: { allowed_tools: ['write'] } }],
  }
  const response = await harness.request('/v1/messages', {
    json,
    headers: { 'anthropic-beta': 'mcp-client-2025-04-04' },
  })
  expect(response.status).toBe(200)
  expect(askedOf(harness)).toEqual(['initialize', 'notifications/initialized', 'tools/list'])
  expect(harness.asked()[0]).toMatchObject({ tools: [{ function: { name: 'mcp__calc__write' } }] })
})
