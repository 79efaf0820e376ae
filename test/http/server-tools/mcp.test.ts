/** The MCP client in the Worker's own runtime, which has neither `eval` nor Node. */
import { expect, test } from 'vitest'

import { askMcp, call, createMcpHarness, scriptMcp } from '../../support/mcp.ts'

interface Message {
  content: { type: string; content?: { text: string }[] }[]
}

const turns = [{ calls: [call('add', { a: 1, b: 2 })] }, { text: 'Three.' }]

/** A server of the older transport: messages come by POST, and answers on a stream of events. */
function scriptOlderServer(): (request: Request) => Promise<Response> {
  const script = scriptMcp()
  const events = new TransformStream<Uint8Array, Uint8Array>()
  const writer = events.writable.getWriter()
  const send = (event: string, data: string): Promise<void> =>
    writer.write(new TextEncoder().encode(`event: ${event}\ndata: ${data}\n\n`))
  return async (request) => {
    const { pathname } = new URL(request.url)
    if (request.method === 'GET') {
      void send('endpoint', '/messages?session=1')
      return new Response(events.readable, { headers: { 'content-type': 'text/event-stream' } })
    }
    if (pathname !== '/messages') {
      return new Response(null, { status: 405 })
    }
    const answer = await script(request)
    if (answer.status === 200) {
      void send('message', await answer.text())
    }
    return new Response(null, { status: 202 })
  }
}

test.each([
  ['Streamable HTTP', scriptMcp],
  ['server-sent events', scriptOlderServer],
])('a server over %s has its tools listed and called', async (_transport, createServer) => {
  const harness = await createMcpHarness(turns, createServer())
  const response = await harness.request('/v1/messages', { json: { ...askMcp, stream: false } })
  const { content } = await response.json<Message>()
  expect(content.map(({ type }) => type)).toEqual(['mcp_tool_use', 'mcp_tool_result', 'text'])
  expect(content[1]?.content).toEqual([{ type: 'text', text: '3' }])
  await harness.settled()
})
