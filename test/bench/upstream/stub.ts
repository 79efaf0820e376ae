/**
 * The stub upstream, a process of its own: chat completions and Anthropic's messages on 127.0.0.1, at
 * the pace that the model's name asks for. Its argument is the port, 0 for a free one. Sends its parent the
 * port, and ends when the parent does.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

import { chatEvents, chatReply, messageEvents, messageReply } from './answers.ts'
import type { Spec } from './spec.ts'
import { readModelName } from './spec.ts'

/** Between the first text and the rest, at the pace `first`. */
const firstGapMs = 4

/** The pieces of every answer asked for so far: made once, so that sending is all that a stream costs. */
const made = new Map<string, Buffer[]>()

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => response.destroy(error as Error))
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { model, stream } = JSON.parse(await text(request)) as { model: string; stream?: boolean }
  const spec = readModelName(model)
  const isChat = request.url?.endsWith('/chat/completions') === true
  if (stream !== true) {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(isChat ? chatReply(spec.chunks) : messageReply(spec.chunks, model))
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  const key = `${isChat} ${model}`
  const pieces =
    made.get(key) ??
    toPieces(spec, isChat ? chatEvents(spec.chunks) : messageEvents(spec.chunks, model))
  made.set(key, pieces)
  send(response, pieces, spec)
}

function toPieces({ pace }: Spec, events: string[]): Buffer[] {
  switch (pace) {
    case 'coalesced':
      return cut(Buffer.from(events.join('')))
    case 'first':
      return [events.slice(0, 3), events.slice(3)].map((some) => Buffer.from(some.join('')))
    case 'single':
    case 'drip':
    case 'steady':
    case 'slow':
      return events.map((event) => Buffer.from(event))
  }
}

/** Into 0.5 to 8 KiB, without regard to events and characters. */
function cut(bytes: Buffer): Buffer[] {
  const pieces: Buffer[] = []
  for (
    let at = 0, size = 512;
    at < bytes.length;
    at += size, size = 512 + ((size * 17 + 1009) % 7681)
  ) {
    pieces.push(bytes.subarray(at, at + size))
  }
  return pieces
}

function send(response: ServerResponse, pieces: Buffer[], { pace }: Spec): void {
  switch (pace) {
    case 'drip':
    case 'steady':
    case 'slow':
      response.write(pieces[0])
      clocks[pace].join({ response, pieces, next: 1 })
      return
    case 'first':
      response.write(pieces[0])
      setTimeout(() => response.end(pieces[1]), firstGapMs)
      return
    case 'coalesced':
    case 'single':
      sendFrom(0, response, pieces)
  }
}

/** As fast as the socket takes it. */
function sendFrom(next: number, response: ServerResponse, pieces: Buffer[]): void {
  for (let index = next; index < pieces.length; index++) {
    if (!response.write(pieces[index])) {
      response.once('drain', () => sendFrom(index + 1, response, pieces))
      return
    }
  }
  response.end()
}

interface Stream {
  response: ServerResponse
  pieces: Buffer[]
  next: number
}

const clocks = { drip: createClock(1), steady: createClock(10), slow: createClock(50) }

/** One timer for all streams of a pace; each tick is one write to each of them. */
function createClock(everyMs: number): { join: (stream: Stream) => void } {
  const streams = new Set<Stream>()
  let timer: NodeJS.Timeout | undefined

  function tick(): void {
    for (const stream of streams) {
      const piece = stream.pieces[stream.next++]
      if (piece === undefined || stream.response.destroyed) {
        streams.delete(stream)
        stream.response.end()
      } else {
        stream.response.write(piece)
      }
    }
    if (streams.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }

  return {
    join(stream) {
      streams.add(stream)
      timer ??= setInterval(tick, everyMs)
    },
  }
}

// Between two bursts connections lie idle; one that is closed meanwhile would break a request of the next.
server.keepAliveTimeout = 10 * 60_000
process.on('disconnect', () => process.exit())
server.listen(Number(process.argv[2]), '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port)
})
