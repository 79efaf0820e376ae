/** A real MCP server on this machine, of the official SDK, and what it was asked. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import * as z from 'zod'

export interface McpRequest {
  method: string
  headers: IncomingMessage['headers']
  /** The method of JSON-RPC; undefined for a request without a message. */
  rpc: string | undefined
}

export interface RunningMcpServer {
  /** Such as `http://127.0.0.1:1234`. */
  origin: string
  requests: McpRequest[]
  /** The methods of JSON-RPC that were called, in order. */
  called: () => string[]
  /** Answers a request to the host by which the gateway knows it. */
  forward: (request: Request) => Promise<Response>
  close: () => Promise<void>
}

export interface McpServerOptions {
  /** Server-sent events of older servers, or Streamable HTTP. */
  transport?: 'http' | 'sse'
  /** What the server requires. */
  token?: string
  register?: (server: McpServer) => void
}

/** `add`, `echo`, `fail` and `picture`, unless `register` says otherwise. */
export async function startMcpServer(options: McpServerOptions = {}): Promise<RunningMcpServer> {
  const requests: McpRequest[] = []
  const answer = options.transport === 'sse' ? overSse(options) : overHttp(options)
  const server = createServer((request, response) => {
    void (async () => {
      const body = await readJson(request)
      const rpc = (body as { method?: string } | undefined)?.method
      requests.push({ method: request.method ?? '', headers: request.headers, rpc })
      if (
        options.token !== undefined &&
        request.headers.authorization !== `Bearer ${options.token}`
      ) {
        // As careless servers do, which repeat what they were sent.
        response.writeHead(401).end(`no access with ${request.headers.authorization}`)
        return
      }
      await answer(request, response, body)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    requests,
    called: () => requests.flatMap(({ rpc }) => rpc ?? []),
    async forward(request) {
      const { pathname, search } = new URL(request.url)
      const body = request.method === 'POST' ? { body: await request.text() } : {}
      const { method, headers, signal } = request
      return fetch(`${origin}${pathname}${search}`, {
        method,
        headers,
        signal,
        redirect: 'manual',
        ...body,
      })
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Answer = (request: IncomingMessage, response: ServerResponse, body: unknown) => Promise<void>

function overHttp(options: McpServerOptions): Answer {
  const sessions = new Map<string, StreamableHTTPServerTransport>()
  return async (request, response, body) => {
    const known = sessions.get(String(request.headers['mcp-session-id']))
    if (known !== undefined) {
      return known.handleRequest(request, response, body)
    }
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    })
    await createMcpServer(options).connect(transport)
    return transport.handleRequest(request, response, body)
  }
}

function overSse(options: McpServerOptions): Answer {
  const sessions = new Map<string, SSEServerTransport>()
  return async (request, response, body) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const known = sessions.get(url.searchParams.get('sessionId') ?? '')
    if (known !== undefined) {
      return known.handlePostMessage(request, response, body)
    }
    if (request.method !== 'GET') {
      response.writeHead(405).end()
      return
    }
    const transport = new SSEServerTransport('/messages', response)
    sessions.set(transport.sessionId, transport)
    await createMcpServer(options).connect(transport)
  }
}

function createMcpServer({ register = registerTools }: McpServerOptions): McpServer {
  const server = new McpServer({ name: 'test', version: '1.0.0' })
  register(server)
  return server
}

function registerTools(server: McpServer): void {
  const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] })
  server.registerTool(
    'add',
    { description: 'Adds numbers', inputSchema: { a: z.number(), b: z.number() } },
    ({ a, b }) => text(String(a + b)),
  )
  server.registerTool(
    'echo',
    { description: 'Repeats a text', inputSchema: { text: z.string() } },
    ({ text: value }) => text(value),
  )
  server.registerTool('fail', { description: 'Fails' }, () => ({
    ...text('The disk is full.'),
    isError: true,
  }))
  server.registerTool('picture', { description: 'Draws' }, () => ({
    content: [{ type: 'image' as const, data: 'AAAA', mimeType: 'image/png' }],
  }))
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) {
    chunks.push(chunk as Buffer)
  }
  const text = Buffer.concat(chunks).toString()
  return text === '' ? undefined : JSON.parse(text)
}
