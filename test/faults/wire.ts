/** A scripted upstream on 127.0.0.1 that writes its answers byte by byte, and knows what became of each. */
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** One request, and the connection to answer it on. */
export interface Wire {
  path: string
  headers: Record<string, string>
  body: Record<string, unknown>
  /** Writes the head; chunked, unless a length or another encoding is given. */
  head: (status?: number, headers?: Record<string, string>) => void
  /** Writes a piece of the body. Resolves once the gateway takes more. */
  send: (piece: string | Uint8Array) => Promise<void>
  /** Ends the answer as HTTP wants it. */
  end: () => void
  /** Closes the connection without an end. */
  cut: () => void
  reset: () => void
  raw: (text: string) => void
  /** Resolves early when the gateway closes. */
  wait: (ms: number) => Promise<void>
  readonly closed: boolean
}

export type Script = (wire: Wire) => Promise<void> | void

export interface Exchange {
  model: string
  headers: Record<string, string>
  body: Record<string, unknown>
  /** The script wrote the end of its answer. */
  ended: boolean
  /** The connection is gone. */
  closed: boolean
}

export interface ScriptedUpstream {
  port: number
  /** Every request that came, in order. */
  exchanges: Exchange[]
  /** Of one model. */
  of: (model: string) => Exchange[]
  stop: () => Promise<void>
}

/** Answers each request by the script of the model that it names. */
export async function startUpstream(
  scriptOf: (model: string) => Script,
): Promise<ScriptedUpstream> {
  const exchanges: Exchange[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
    void serve(socket, scriptOf, exchanges)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    exchanges,
    of: (model) => exchanges.filter((exchange) => exchange.model === model),
    async stop() {
      for (const socket of sockets) {
        socket.destroy()
      }
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function serve(
  socket: Socket,
  scriptOf: (model: string) => Script,
  exchanges: Exchange[],
): Promise<void> {
  const request = await readRequest(socket)
  if (request === undefined) {
    socket.destroy()
    return
  }
  const named = request.body['model']
  const model = typeof named === 'string' ? named : ''
  const exchange: Exchange = { ...request, model, ended: false, closed: false }
  exchanges.push(exchange)
  socket.once('close', () => (exchange.closed = true))
  await scriptOf(model)(createWire(socket, request, exchange))
}

type Request = Pick<Wire, 'path' | 'headers' | 'body'>

async function readRequest(socket: Socket): Promise<Request | undefined> {
  let bytes = Buffer.alloc(0)
  for await (const piece of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes = Buffer.concat([bytes, piece])
    const end = bytes.indexOf('\r\n\r\n')
    if (end === -1) {
      continue
    }
    const [line = '', ...fields] = bytes.subarray(0, end).toString('latin1').split('\r\n')
    const headers = Object.fromEntries(
      fields.map((field: string) => {
        const at = field.indexOf(':')
        return [field.slice(0, at).toLowerCase(), field.slice(at + 1).trim()]
      }),
    )
    const length = Number(headers['content-length'] ?? 0)
    if (bytes.length >= end + 4 + length) {
      const text = bytes.subarray(end + 4).toString('utf8')
      return { path: line.split(' ')[1] ?? '', headers, body: text === '' ? {} : JSON.parse(text) }
    }
  }
  return undefined
}

function createWire(socket: Socket, request: Request, exchange: Exchange): Wire {
  let isChunked = true
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.resume()
  return {
    ...request,
    head(status = 200, headers = {}) {
      const all: Record<string, string> = {
        'content-type': 'text/event-stream',
        connection: 'close',
        ...headers,
      }
      isChunked = all['content-length'] === undefined && all['transfer-encoding'] === undefined
      if (isChunked) {
        all['transfer-encoding'] = 'chunked'
      }
      const fields = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
      socket.write(`HTTP/1.1 ${status} X\r\n${fields.join('')}\r\n`)
    },
    async send(piece) {
      const bytes = Buffer.from(piece)
      const whole = isChunked
        ? Buffer.concat([
            Buffer.from(`${bytes.length.toString(16)}\r\n`),
            bytes,
            Buffer.from('\r\n'),
          ])
        : bytes
      if (!socket.destroyed && !socket.write(whole)) {
        await Promise.race([once(socket, 'drain').catch(() => {}), gone])
      }
    },
    end() {
      exchange.ended = true
      socket.end(isChunked ? '0\r\n\r\n' : '')
    },
    cut: () => socket.end(),
    reset: () => socket.resetAndDestroy(),
    raw: (text) => void socket.write(text),
    wait: (ms) => Promise.race([sleep(ms), gone]),
    get closed() {
      return socket.destroyed
    },
  }
}
