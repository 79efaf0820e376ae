/** Clients that leave, and clients that read slowly. */
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { describe, expect, test } from 'vitest'

import type { Bench } from './bench.ts'
import { begin, json, role, text } from './chat.ts'
import type { Script, Wire } from './wire.ts'

const minimal = { max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] }
const big = text('x'.repeat(64 * 1024))
let written = 0

const scripts: Record<string, Script> = {
  'leave-before-head': (wire) => wire.wait(5000),
  'leave-after-head': async (wire) => {
    wire.head()
    await wire.wait(5000)
  },
  'leave-in-content': async (wire) => {
    await begin(wire)
    await wire.wait(5000)
  },
  'leave-plain': async (wire) => {
    wire.head(200, json)
    await wire.send('{"choices":')
    await wire.wait(5000)
  },
  'leave-plain-streamed': async (wire) => {
    await begin(wire)
    await wire.wait(5000)
  },
  'leave-retry': (wire: Wire) => wire.reset(),
  slow: async (wire) => {
    wire.head()
    await wire.send(role)
    while (!wire.closed) {
      await wire.send(big)
      written += big.length
    }
  },
}

export function scriptOfLeaving(model: string): Script | undefined {
  return scripts[model]
}

/**
 * Asks, and leaves once the upstream has been asked; how long it took to notice that. By a reset, which
 * is what a front end makes of a client that leaves; a half-closed connection is none to workerd.
 */
async function leave(bench: Bench, model: string, more: object, prefix: string): Promise<number> {
  const { hostname, port } = new URL(bench.url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  socket.resume()
  const body = JSON.stringify({ ...minimal, model: `${prefix}/${model}`, ...more })
  socket.write(
    `POST /v1/messages HTTP/1.1\r\nhost: gateway\r\nx-api-key: ${bench.key}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  while (bench.upstream.of(model).length === 0) {
    await sleep(5)
  }
  await sleep(100)
  const leftAt = Date.now()
  socket.resetAndDestroy()
  await bench.quiet(model)
  return Date.now() - leftAt
}

/** The log's line for a model. */
async function lineOf({ lines }: Bench, model: string): Promise<Record<string, unknown>> {
  for (let waited = 0; waited < 2000; waited += 20) {
    const line = lines.find((entry) => String(entry['gen_ai.request.model']).endsWith(`/${model}`))
    if (line !== undefined) {
      return line
    }
    await sleep(20)
  }
  throw new Error(`no line was logged for ${model}`)
}

export function testLeaving(getBench: () => Bench): void {
  describe('a client that disconnects', () => {
    test.each([
      ['leave-before-head', { stream: true }, 'slow-one'],
      ['leave-after-head', { stream: true }, 'slow-one'],
      ['leave-in-content', { stream: true }, 'slow-one'],
      ['leave-plain', {}, 'slow-one'],
      ['leave-plain-streamed', {}, 'slow-streamed'],
    ])('aborts the upstream request within 100 ms: %s', async (model, more, prefix) => {
      const bench = getBench()
      expect(await leave(bench, model, more, prefix)).toBeLessThan(100)
      const line = await lineOf(bench, model)
      expect(line).toMatchObject({ status: 499, level: 'info', ending: 'left' })
      expect(line['bug']).toBeUndefined()
    })
  })

  test('a client that does not read exerts backpressure on the upstream, and nothing accumulates in the gateway', async () => {
    const bench = getBench()
    const controller = new AbortController()
    const response = await bench.ask(
      'slow-one/slow',
      { stream: true },
      { signal: controller.signal },
    )
    const reader = response.body!.getReader()
    await reader.read()
    await sleep(700)
    const before = written
    await sleep(500)
    expect(written - before).toBeLessThan(2 * big.length)
    expect(written).toBeLessThan(32 * 1024 * 1024)
    controller.abort()
    await bench.quiet('slow')
  })
}
