/** From a clone to the first answer of a model server on this machine, in two commands. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

import Anthropic from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'

const run = promisify(execFile)

/** Where Ollama listens. */
const ollamaPort = 11_434

/** Seconds from the clone to the answer; a machine that does nothing else takes a fifth of them. */
const maxSeconds = 240

/** A server with Ollama's list of models, which answers each request with one sentence. */
async function startOllama() {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.setHeader('content-type', 'application/json')
    if (request.url === '/v1/models') {
      response.end(JSON.stringify({ object: 'list', data: [{ id: 'qwen3:8b', object: 'model' }] }))
      return
    }
    const message = { role: 'assistant', content: 'Hello from this machine.' }
    const usage = { prompt_tokens: 10, completion_tokens: 5 }
    request
      .resume()
      .on('end', () =>
        response.end(
          JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }], usage }),
        ),
      )
  })
  server.listen(ollamaPort, '127.0.0.1')
  await once(server, 'listening')
  return { asked, close: () => server.close() }
}

test('npm install and npm start lead from a clone to an answer of Ollama', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'messages-gateway-clone-'))
  const ollama = await startOllama()
  await run('git', ['clone', '--quiet', '--depth', '1', `file://${process.cwd()}`, folder])
  const startedAt = performance.now()
  await run('npm', ['install'], { cwd: folder })
  const gateway = spawn('npm', ['start', '--', '--json', '--port', '0'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    detached: true,
  })
  try {
    const [line]: unknown[] = await once(createInterface(gateway.stdout), 'line')
    const { url, key }: { url: string; key: string } = JSON.parse(String(line))
    const client = new Anthropic({ baseURL: url, apiKey: key })
    const { content } = await client.messages.create({
      model: 'claude-sonnet-5',
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Hello' }],
    })
    const seconds = (performance.now() - startedAt) / 1000
    expect(content).toEqual([{ type: 'text', text: 'Hello from this machine.' }])
    expect(ollama.asked[0]).toBe('GET /v1/models')
    expect(ollama.asked.at(-1)).toBe('POST /v1/chat/completions')
    expect(seconds).toBeLessThan(maxSeconds)
  } finally {
    process.kill(-(gateway.pid ?? Number.NaN), 'SIGTERM')
    await once(gateway, 'close')
    ollama.close()
    await rm(folder, { recursive: true, force: true })
  }
})
