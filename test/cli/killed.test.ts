/** What a key is charged, and may do, after the gateway has died in the middle of an answer. */
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeAll, describe, expect, test } from 'vitest'

import type { Gateway } from './run.ts'
import { run, startGateway } from './run.ts'

/** For a machine that does much else. */
const timeout = 120_000

let folder: string
let upstream: ReturnType<typeof createServer>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'messages-gateway-killed-'))
  upstream = createServer(answer).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const { port } = upstream.address() as AddressInfo
  const catalog = {
    version: 1,
    providers: {
      slow: { dialect: 'openai-chat', base_url: `http://127.0.0.1:${port}/v1`, secret: null },
    },
    models: [
      { id: 'm', targets: [{ provider: 'slow', model: 'm' }], price: { input: 100, output: 100 } },
    ],
  }
  await writeFile(join(folder, 'catalog.json'), JSON.stringify(catalog))
  return async () => {
    upstream.closeAllConnections()
    upstream.close()
    await rm(folder, { recursive: true, force: true })
  }
})

/** A stream has a word and no end; any other answer is complete. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  let body = ''
  request.setEncoding('utf8').on('data', (text: string) => (body += text))
  request.on('end', () => {
    const { stream }: { stream?: boolean } = JSON.parse(body)
    if (stream === true) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const choices = [{ index: 0, delta: { role: 'assistant', content: 'word ' } }]
      response.write(`data: ${JSON.stringify({ choices })}\n\n`)
    } else {
      const message = { role: 'assistant', content: 'done' }
      const usage = { prompt_tokens: 10, completion_tokens: 2 }
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ choices: [{ message, finish_reason: 'stop' }], usage }))
    }
  })
}

function start(): Promise<Gateway> {
  return startGateway('--state', join(folder, 'state'), '--catalog', join(folder, 'catalog.json'))
}

function ask({ url }: Gateway, key: string, stream: boolean): Promise<Response> {
  return fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'm',
      max_tokens: 3000,
      stream,
      messages: [{ role: 'user', content: 'Count to a thousand.' }],
    }),
  })
}

/** Begins an answer, and leaves it in its middle. */
async function begin(gateway: Gateway, key: string): Promise<void> {
  const reader = (await ask(gateway, key, true)).body?.getReader()
  let text = ''
  while (!text.includes('word')) {
    text += new TextDecoder().decode((await reader?.read())?.value)
  }
  // The connection breaks with the gateway.
  void reader?.closed.catch(() => undefined)
}

describe('after npm start ended in the middle of an answer', { timeout }, () => {
  let gateway: Gateway | undefined

  afterEach(async () => {
    await gateway?.interrupt()
  })

  test('after npm start was killed in the middle of an answer, the key is usable at once, and the answer is charged as an estimate', async () => {
    gateway = await start()
    const state = ['--state', join(folder, 'state')]
    const limits = ['--budget', '1/day', '--concurrency', '1']
    const created = await run('keys', 'create', '--name', 'k', '--json', ...limits, ...state)
    const { id, key }: { id: string; key: string } = JSON.parse(created.stdout)
    for (const signal of ['kill', 'terminate'] as const) {
      await begin(gateway, key)
      expect((await ask(gateway, key, false)).status, 'one at a time').toBe(429)
      await gateway[signal]()
      gateway = await start()
      const response = await ask(gateway, key, false)
      expect(await response.json(), signal).toMatchObject({ content: [{ text: 'done' }] })
    }
    const { stdout } = await run('usage', '--by', 'key', '--json', ...state)
    const rows: Record<string, unknown>[] = JSON.parse(stdout)
    const row = rows.find((columns) => Object.values(columns).some((value) => value === id))
    // Two that were charged by their usage, and two by an estimate.
    expect(row).toMatchObject({ requests: 4, estimated: 2 })
    expect(Number(row?.['cost_usd'])).toBeGreaterThan((2 * 12 * 100) / 1e6)
  })
})
