/** Upstreams that are faster than anybody reads, and ones that fall silent after every word. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import type { Bench } from './bench.ts'
import { done, finish, role, text, usage } from './chat.ts'
import type { Script, Wire } from './wire.ts'

const words = Array.from({ length: 400 }, (_, index) => `w${index} `)
/** What the client has got so far of the answer word by word. */
let heard = ''

const scripts: Record<string, Script> = {
  async flood(wire) {
    await flood(wire)
    await end(wire)
  },
  async 'flood-and-silence'(wire) {
    await flood(wire)
    await wire.wait(1000)
    await end(wire)
  },
  async 'word-by-word'(wire) {
    wire.head()
    await wire.send(role)
    for (const word of words.slice(0, 40)) {
      await wire.send(text(word))
      await untilHeard(word)
    }
    await end(wire)
  },
}

/** One word a write, as fast as the gateway takes them. */
async function flood(wire: Wire): Promise<void> {
  wire.head()
  await wire.send(role)
  for (const word of words) {
    await wire.send(text(word))
    await turn()
  }
}

async function end(wire: Wire): Promise<void> {
  await wire.send(finish + usage + done)
  wire.end()
}

/** Nothing more is said before the client has got the word. */
async function untilHeard(word: string): Promise<void> {
  for (let waited = 0; !heard.includes(word) && waited < 1000; waited += 1) {
    await sleep(1)
  }
}

export function scriptOfPace(model: string): Script | undefined {
  return scripts[model]
}

/** The texts of all deltas in a body. */
function textOf(body: string): string {
  return [...body.matchAll(/"text_delta","text":"([^"]*)"/g)].map(([, delta]) => delta).join('')
}

/** An answer as its bytes come, and how long after the first ones. */
async function* listen(
  { ask }: Bench,
  model: string,
): AsyncGenerator<{ soFar: string; afterMs: number }> {
  const response = await ask(`one/${model}`, { stream: true })
  const startedAt = Date.now()
  let soFar = ''
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    soFar += piece
    yield { soFar, afterMs: Date.now() - startedAt }
  }
}

/** The pieces in which HTTP brings an answer. */
async function readPieces({ url, key }: Bench, model: string): Promise<string[]> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const body = JSON.stringify({
    model: `one/${model}`,
    max_tokens: 100,
    stream: true,
    messages: [{ role: 'user', content: 'hi' }],
  })
  const head = `POST /v1/messages HTTP/1.1\r\nhost: gateway\r\nconnection: close\r\nx-api-key: ${key}`
  socket.write(`${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
  let answer = ''
  socket.setEncoding('latin1').on('data', (bytes: string) => (answer += bytes))
  await once(socket, 'close')
  return answer.split(/\r\n[0-9a-f]+\r\n/).slice(1)
}

export function testPace(getBench: () => Bench): void {
  test('writes of a fast upstream are coalesced, complete and in order', async () => {
    const pieces = await readPieces(getBench(), 'flood')
    expect(textOf(pieces.join(''))).toBe(words.join(''))
    expect(pieces.length).toBeLessThan(words.length / 2)
  })

  test('the end of a burst is flushed without waiting for more', async () => {
    let heardAllAfterMs = Infinity
    for await (const { soFar, afterMs } of listen(getBench(), 'flood-and-silence')) {
      if (textOf(soFar) === words.join('')) {
        heardAllAfterMs = Math.min(heardAllAfterMs, afterMs)
      }
    }
    expect(heardAllAfterMs).toBeLessThan(700)
  })

  test('a single delta is flushed even if no other follows for a long time', async () => {
    let tookMs = 0
    for await (const { soFar, afterMs } of listen(getBench(), 'word-by-word')) {
      heard = textOf(soFar)
      tookMs = afterMs
    }
    expect(heard).toBe(words.slice(0, 40).join(''))
    expect(tookMs).toBeLessThan(40 * 25)
  })
}
