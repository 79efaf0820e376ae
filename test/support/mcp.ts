/** The app with a scripted model and an MCP server. */
import type { ModelTurn, SearchHarness } from './search.ts'
import { createSearchHarness, resolve } from './search.ts'

export const mcpUrl = 'https://mcp.example/mcp'

export const toolset = { type: 'mcp_toolset', mcp_server_name: 'calc' }

/** A request with the server's tools. */
export const askMcp = {
  model: 'm',
  max_tokens: 1000,
  mcp_servers: [{ type: 'url', url: mcpUrl, name: 'calc', authorization_token: 'caller-token' }],
  tools: [toolset],
  messages: [{ role: 'user', content: 'How much is 1 + 2?' }],
}

/** Requests to `mcp.example` go to `answer`. */
export function createMcpHarness(
  turns: readonly (ModelTurn | (() => Response))[],
  answer: (request: Request) => Response | Promise<Response>,
  options: Parameters<typeof createSearchHarness>[1] = {},
): Promise<SearchHarness> {
  return createSearchHarness(turns, {
    web: (request) => (request.url.includes('dns-query') ? resolve(request) : answer(request)),
    ...options,
  })
}

export const call = (tool: string, input: object) => [`mcp__calc__${tool}`, input] as const

/** What a scripted server does: its tools, and the result of a call. */
export interface McpScript {
  tools?: readonly object[]
  call?: (name: string, input: unknown) => object | Promise<object>
}

/** A server that answers each request at once, without a session. */
export function scriptMcp({
  tools = [{ name: 'add', description: 'Adds numbers', inputSchema: { type: 'object' } }],
  call: run = () => ({ content: [{ type: 'text', text: '3' }] }),
}: McpScript = {}): (request: Request) => Promise<Response> {
  const answer = async (method: string, params: Record<string, unknown>): Promise<object> => {
    switch (method) {
      case 'initialize':
        return {
          protocolVersion: '2025-06-18',
          capabilities: { tools: {} },
          serverInfo: { name: 'scripted', version: '1' },
        }
      case 'tools/list':
        return { tools }
      default:
        return run(String(params['name']), params['arguments'])
    }
  }
  return async (request) => {
    if (request.method !== 'POST') {
      return new Response(null, { status: 405 })
    }
    const {
      method,
      id,
      params = {},
    } = await request.json<{
      method: string
      id?: number
      params?: Record<string, unknown>
    }>()
    return id === undefined
      ? new Response(null, { status: 202 })
      : Response.json({ jsonrpc: '2.0', id, result: await answer(method, params) })
  }
}

/** The methods of JSON-RPC that the server was asked for, in order. */
export function askedOf({ sent }: Pick<SearchHarness, 'sent'>): string[] {
  return sent
    .filter(({ url }) => url.startsWith(new URL(mcpUrl).origin))
    .flatMap(({ body }) => (body as { method?: string } | undefined)?.method ?? [])
}
