/** A server on 127.0.0.1 with a fixed answer for each path. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'

export interface Served {
  url: string
  seen: { path: string; headers: IncomingHttpHeaders }[]
  close: () => void
}

/** A path that is not there is a 404. Paths with a query come before the same without. */
export async function serve(answers: Record<string, unknown>): Promise<Served> {
  const seen: Served['seen'] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    seen.push({ path, headers: request.headers })
    const answer = answers[path] ?? answers[path.split('?')[0] ?? '']
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer ?? { error: { message: 'there is nothing' } }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, seen, close: () => server.close() }
}
