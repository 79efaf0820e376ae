/**
 * HTTP/1.1 over one socket, as cheap as measuring should be: the bytes of an answer are kept as they
 * come, and decoded when the clock no longer runs.
 */
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect } from 'node:net'

export interface Exchange {
  /** From sending to the first read that holds what was looked for; to the first of all without that. */
  firstMs: number
  totalMs: number
  /** Decodes the answer. Throws for a status other than 200. */
  readBody: () => string
  /** The first line of the answer, whatever its status. */
  readHead: () => string
}

export interface Client {
  /** Sends one request and reads its answer to the end. One at a time. */
  send: (request: Buffer, lookFor?: string) => Promise<Exchange>
  close: () => void
}

/** The bytes of a POST with a JSON body. */
export function toRequest(path: string, headers: Record<string, string>, body: object): Buffer {
  const json = JSON.stringify(body)
  const lines = Object.entries({
    host: '127.0.0.1',
    ...headers,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(json)),
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${json}`)
}

/** Opens a connection that is kept alive from request to request. */
export async function openClient(port: number): Promise<Client> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await once(socket, 'connect')
  return {
    send: (request, lookFor) => exchange(socket, request, lookFor),
    close: () => socket.destroy(),
  }
}

/** Sends a request whose answer goes on for as long as the socket is open. Resolves at its first read. */
export async function openStream(port: number, request: Buffer): Promise<{ close: () => void }> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  socket.write(request)
  const [first] = (await once(socket, 'data')) as [Buffer]
  if (!first.toString('latin1').startsWith('HTTP/1.1 200')) {
    throw new Error(`not a stream: ${first.toString()}`)
  }
  socket.resume()
  return { close: () => socket.destroy() }
}

function exchange(socket: Socket, request: Buffer, lookFor = ''): Promise<Exchange> {
  const { promise, resolve, reject } = Promise.withResolvers<Exchange>()
  const reads: Buffer[] = []
  let end: End | undefined
  let firstAt: number | undefined
  let length = 0
  let tail = ''

  function take(read: Buffer): void {
    reads.push(read)
    length += read.length
    tail = (tail + read.toString('latin1', read.length - endOfChunks.length)).slice(
      -endOfChunks.length,
    )
    if (firstAt === undefined && Buffer.concat(reads).includes(lookFor)) {
      firstAt = performance.now()
    }
    end ??= findEnd(Buffer.concat(reads))
    if (end !== undefined && (end === endOfChunks ? tail === end : length >= end)) {
      const totalMs = performance.now() - sentAt
      socket.off('data', take)
      socket.off('close', fail)
      resolve({
        firstMs: (firstAt ?? Infinity) - sentAt,
        totalMs,
        readBody: () => decode(reads),
        readHead: () => Buffer.concat(reads).toString('latin1').split('\r\n', 1).join(''),
      })
    }
  }

  function fail(): void {
    reject(new Error(`the connection broke: ${Buffer.concat(reads).toString()}`))
  }

  socket.on('data', take)
  socket.on('close', fail)
  const sentAt = performance.now()
  socket.write(request)
  return promise
}

const endOfHead = '\r\n\r\n'
/** No body of the bench has a carriage return, so this is found nowhere else. */
const endOfChunks = '\r\n0\r\n\r\n'

/** Where an answer is complete: at so many bytes, or with the last chunk. */
type End = number | typeof endOfChunks

/** Undefined while the head is not complete. */
function findEnd(start: Buffer): End | undefined {
  const headLength = start.indexOf(endOfHead)
  if (headLength < 0) {
    return undefined
  }
  const [, length] = /content-length: *(\d+)/i.exec(start.toString('latin1', 0, headLength)) ?? []
  return length === undefined ? endOfChunks : headLength + endOfHead.length + Number(length)
}

function decode(reads: Buffer[]): string {
  const bytes = Buffer.concat(reads)
  const headLength = bytes.indexOf(endOfHead)
  const head = bytes.toString('latin1', 0, headLength)
  const body = bytes.subarray(headLength + endOfHead.length)
  const text = /transfer-encoding: *chunked/i.test(head) ? joinChunks(body) : body.toString()
  if (!head.startsWith('HTTP/1.1 200')) {
    throw new Error(`${head}\n\n${text}`)
  }
  return text
}

function joinChunks(body: Buffer): string {
  const chunks: Buffer[] = []
  for (let at = 0; ;) {
    const start = body.indexOf('\r\n', at) + 2
    const size = Number.parseInt(body.toString('latin1', at, start - 2), 16)
    if (size === 0) {
      return Buffer.concat(chunks).toString()
    }
    chunks.push(body.subarray(start, start + size))
    at = start + size + 2
  }
}
