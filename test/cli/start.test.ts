import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { beforeAll, describe, expect, test } from 'vitest'

import type { Gateway } from './run.ts'
import { run, startGateway } from './run.ts'

/** For a machine that does much else. */
const timeout = 60_000

let folder: string
let gateway: Gateway

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'messages-gateway-test-'))
  gateway = await startGateway('--state', folder)
  return async () => {
    await gateway.interrupt()
    await rm(folder, { recursive: true, force: true })
  }
}, timeout)

function ask(
  key: string,
  model = 'claude-sonnet-4-6',
  signal: AbortSignal | null = null,
): Promise<Response> {
  return fetch(`${gateway.url}/v1/messages`, {
    method: 'POST',
    signal,
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({
      model,
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Reply with exactly: pong' }],
    }),
  })
}

/** Pushes a catalog with one model, of a provider that speaks chat completions. */
async function pushModel(id: string, base_url: string): Promise<void> {
  const file = join(folder, `${id}.json`)
  const lab = { dialect: 'openai-chat', base_url }
  const models = [{ id, targets: [{ provider: 'lab', model: 'x' }] }]
  await writeFile(file, JSON.stringify({ version: 1, providers: { lab }, models }))
  await run('catalog', 'push', '--file', file, '--state', folder)
}

async function status(key: string, model?: string): Promise<number> {
  const response = await ask(key, model)
  await response.arrayBuffer()
  return response.status
}

describe('npm start', { timeout }, () => {
  test('npm start answers a request as soon as it reports that it is ready', async () => {
    const response = await ask(gateway.key)
    expect(await response.json()).toMatchObject({ content: [{ type: 'text', text: 'pong' }] })
  })

  test('npm start accepts a key created by a command while it runs, and rejects it right after its revocation', async () => {
    const created = await run('keys', 'create', '--name', 'test', '--json', '--state', folder)
    const { id, key }: { id: string; key: string } = JSON.parse(created.stdout)
    expect(await status(key)).toBe(200)
    expect(await run('keys', 'revoke', id, '--state', folder)).toMatchObject({ code: 0 })
    expect(await status(key)).toBe(401)
    const { stdout } = await run('keys', 'list', '--state', folder)
    expect(stdout).toMatch(new RegExp(`^${id} +test +- +revoked +never +…${key.slice(-4)} `, 'm'))
  })

  test('npm start serves a catalog immediately after catalog push', async () => {
    const file = join(folder, 'catalog.json')
    const text = (await readFile('catalog.json', 'utf8')).replace('claude-sonnet-*', 'my-sonnet-*')
    await writeFile(file, text)
    expect(await run('catalog', 'push', '--file', file, '--state', folder)).toMatchObject({
      code: 0,
    })
    expect(await status(gateway.key, 'my-sonnet-1')).toBe(200)
    expect(await status(gateway.key, 'claude-sonnet-4-6')).toBe(404)
    expect((await run('catalog', 'pull', '--state', folder)).stdout).toBe(text)
  })

  test('npm start keeps its catalog when an invalid one is pushed', async () => {
    const file = join(folder, 'wrong.json')
    await writeFile(file, '{"version":1,"providers":{"lab":{"dialect":"openai-chat"}},"models":[]}')
    const pushed = await run('catalog', 'push', '--file', file, '--state', folder)
    expect(pushed).toMatchObject({ code: 1, stdout: '' })
    expect(pushed.stderr).toContain('providers.lab.base_url: required: base URL of the server')
    expect(await status(gateway.key, 'claude-demo')).toBe(200)
  })

  test('npm start serves each change of its catalog file, and keeps the last valid one', async () => {
    const file = join(folder, 'watched.json')
    const shipped = await readFile('catalog.json', 'utf8')
    await writeFile(file, shipped)
    const watched = await startGateway('--state', join(folder, 'watched'), '--catalog', file)
    const statusOf = async (model: string): Promise<number> => {
      const response = await fetch(`${watched.url}/v1/models/${model}`, {
        headers: { 'x-api-key': watched.key },
      })
      await response.arrayBuffer()
      return response.status
    }
    try {
      expect(await statusOf('renamed-demo')).toBe(404)
      await writeFile(file, shipped.replaceAll('claude-demo"', 'renamed-demo"'))
      await expect.poll(() => statusOf('renamed-demo'), { timeout: 10_000 }).toBe(200)
      await writeFile(file, '{')
      await writeFile(join(folder, 'other.json'), '{}')
      expect(await statusOf('renamed-demo')).toBe(200)
    } finally {
      await watched.interrupt()
    }
  })

  test('npm start passes npm run smoke, which prints a line for each check', async () => {
    const { url, key } = gateway
    const { code, stdout } = await run('smoke', '--url', url, '--key', key)
    expect(stdout.replace(/ +\d+ ms, .*/g, '').split('\n')).toEqual([
      'ok    models',
      'ok    count tokens',
      'ok    text',
      'ok    stream',
      'ok    tool round trip',
      `${url} passed all checks. Model: claude-demo.`,
      '',
    ])
    expect(code).toBe(0)
    expect(await run('smoke', '--url', url, '--key', 'wrong')).toMatchObject({ code: 1 })
  })

  test('npm start aborts the upstream request within 100 ms of a client disconnect', async () => {
    const { url: lab, asked, left, close } = await startSilentServer()
    await pushModel('silent', lab)
    const body = JSON.stringify({
      model: 'silent',
      max_tokens: 10,
      messages: [{ role: 'user', content: 'Hi' }],
    })
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1')
    socket.write(
      `POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: ${gateway.key}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
    await asked
    const leftAt = performance.now()
    socket.resetAndDestroy()
    await left
    expect(performance.now() - leftAt).toBeLessThan(100)
    close()
  })

  test('npm start reaches providers without the Worker that Miniflare puts before the network', async () => {
    const { url, asked, close } = await startSilentServer()
    await pushModel('direct', url)
    const abort = new AbortController()
    const answer = ask(gateway.key, 'direct', abort.signal)
    const headers = await asked
    abort.abort()
    await expect(answer).rejects.toThrow('aborted')
    close()
    expect(Object.keys(headers).sort()).toEqual([
      'accept',
      'accept-encoding',
      'content-length',
      'content-type',
      'host',
    ])
  })

  test('npm start names the port in its error message when the port is in use', async () => {
    const { port } = new URL(gateway.url)
    const second = await run('start', '--port', port, '--state', join(folder, 'second'))
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(second.stderr).toBe(
      `Port ${port} is in use. Choose another with --port, or use --port 0 for any free port.\n`,
    )
  })

  test('npm start ends workerd on SIGTERM to npm, and has its state at the next start', async () => {
    const state = join(folder, 'restarted')
    const first = await startGateway('--state', state)
    await first.terminate()
    await expect(fetch(first.url)).rejects.toThrow('fetch failed')
    const { stdout } = await run('keys', 'list', '--state', state)
    expect(stdout).toContain('npm start')
  })
})

/** An upstream that takes a request and says nothing; reports when it received the request, and when the client disconnected. */
async function startSilentServer() {
  const { promise: asked, resolve: onAsked } = Promise.withResolvers<IncomingHttpHeaders>()
  const { promise: left, resolve: onLeft } = Promise.withResolvers<void>()
  const server = createServer((request, response) => {
    request.resume().once('end', () => onAsked(request.headers))
    response.once('close', onLeft)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    left,
    close: () => server.close().closeAllConnections(),
  }
}
