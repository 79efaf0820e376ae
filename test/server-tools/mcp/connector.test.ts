/** The MCP connector against real servers, of the official SDK. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import type { RunningMcpServer } from '../../support/mcp-server.ts'
import { startMcpServer } from '../../support/mcp-server.ts'
import { askMcp, call, createMcpHarness } from '../../support/mcp.ts'

vi.stubGlobal('IdentityTransformStream', TransformStream)

interface Message {
  content: Record<string, unknown>[]
  stop_reason: string
  usage: Record<string, unknown>
}

describe.each(['http', 'sse'] as const)('an MCP server over %s', (transport) => {
  let server: RunningMcpServer
  beforeAll(async () => {
    server = await startMcpServer({ transport, token: 'caller-token' })
  })
  afterAll(() => server.close())

  test('the tools of an MCP server are listed and called, and the model reads their results', async () => {
    const turns = [{ calls: [call('add', { a: 1, b: 2 })] }, { text: 'Three.' }]
    const harness = await createMcpHarness(turns, server.forward)
    const response = await harness.request('/v1/messages', { json: askMcp })
    const message = await response.json<Message>()
    expect(message.content).toEqual([
      {
        type: 'mcp_tool_use',
        id: expect.stringMatching(/^mcptoolu_/),
        name: 'add',
        server_name: 'calc',
        input: { a: 1, b: 2 },
      },
      {
        type: 'mcp_tool_result',
        tool_use_id: message.content[0]?.['id'],
        is_error: false,
        content: [{ type: 'text', text: '3' }],
      },
      { type: 'text', text: 'Three.' },
    ])
    expect(message.stop_reason).toBe('end_turn')
    expect(harness.asked()[0]).toMatchObject({
      tools: [
        { function: { name: 'mcp__calc__add', description: 'Adds numbers' } },
        { function: { name: 'mcp__calc__echo' } },
        { function: { name: 'mcp__calc__fail' } },
        { function: { name: 'mcp__calc__picture' } },
      ],
    })
    expect(harness.asked()[1]).toMatchObject({
      messages: [
        { role: 'user' },
        { tool_calls: [{ function: { name: 'mcp__calc__add' } }] },
        { role: 'tool', content: '3' },
      ],
    })
    await harness.settled()
    // An older server rejects the first handshake, which is repeated in its own manner.
    expect(server.called().slice(transport === 'sse' ? 1 : 0)).toEqual([
      'initialize',
      'notifications/initialized',
      'tools/list',
      'tools/call',
    ])
    expect(server.requests.at(-1)?.method).toBe(transport === 'sse' ? 'POST' : 'DELETE')
  })
})
