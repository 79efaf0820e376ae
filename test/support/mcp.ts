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
