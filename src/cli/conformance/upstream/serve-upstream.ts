/** Serves the scripted upstream on this machine, for gateways in processes of their own. */
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { ScriptedUpstream } from './scripted-upstream.ts'

/** Starts it on 127.0.0.1; returns its origin. It runs until the process ends. */
export async function serveUpstream(port: number): Promise<string> {
  const upstream = new ScriptedUpstream()
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of incoming) {
        chunks.push(chunk)
      }
      const request = new Request(`http://127.0.0.1${incoming.url}`, {
        method: incoming.method ?? 'GET',
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      })
      const response = await upstream.answer(request)
      outgoing.writeHead(response.status, Object.fromEntries(response.headers))
      outgoing.flushHeaders()
      await pipeline(Readable.from(response.body ?? []), outgoing)
    })().catch(() => {
      // A fault cuts the connection, or the gateway has closed it.
      outgoing.destroy()
    })
  })
  await new Promise<void>((settle, refuse) => {
    server.once('error', refuse)
    server.listen(port, '127.0.0.1', settle)
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`
}
