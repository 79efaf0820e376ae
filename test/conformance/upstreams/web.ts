/** What the gateway finds on the web beside its upstreams: an MCP server, and the resolver of names. */
import { scriptMcp } from '../../support/mcp.ts'
import { resolve } from '../../support/search.ts'

const server = scriptMcp({
  tools: [
    {
      name: 'search_cloudflare_documentation',
      description: 'Searches the documentation of Cloudflare',
      inputSchema: {
        type: 'object',
        properties: { query: { type: 'string' } },
        required: ['query'],
      },
    },
  ],
  call: () => ({ content: [{ type: 'text', text: 'A Durable Object has storage of its own.' }] }),
})

export async function answerWeb(request: Request): Promise<Response> {
  return request.url.includes('/dns-query') ? resolve(request) : server(request)
}
