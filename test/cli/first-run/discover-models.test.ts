import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { discoverModels } from '../../../src/cli/first-run/discover-models.ts'
import { presets } from '../../../src/providers/index.ts'
import type { Preset } from '../../../src/providers/preset.ts'

const server = createServer((request, response) => {
  if (request.headers.authorization === 'Bearer wrong') {
    response.writeHead(401).end('{"error":{"message":"Incorrect API key provided"}}')
  } else if (request.url === '/v1/models') {
    const data = [{ id: 'qwen3:8b' }, { id: 'nomic-embed-text' }, { id: 'gone', active: false }]
    response.end(JSON.stringify({ object: 'list', data }))
  } else if (request.url === '/models-dev') {
    const models = { 'qwen3:8b': { limit: { context: 32_000 }, cost: { input: 1, output: 2 } } }
    response.end(JSON.stringify({ hosted: { env: ['HOSTED_KEY'], models } }))
  } else {
    response.writeHead(404).end('<html>')
  }
})

let origin: string

beforeAll(async () => {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => server.close())

function preset(name: string, path: string, secret: string | null): Record<string, Preset> {
  const like = presets['ollama']
  if (like === undefined) {
    throw new Error('the preset is gone')
  }
  return { [name]: { ...like, name, baseUrl: `${origin}${path}`, secret } }
}

const none = (): undefined => undefined

test('a local server’s chat models are found without a key', async () => {
  const discovery = await discoverModels({
    presets: preset('local', '/v1', null),
    findSecret: none,
    modelsDev: false,
  })
  expect(discovery.notes).toEqual([])
  expect(discovery.found).toMatchObject([
    { provider: 'local', isHosted: false, models: [{ model: 'qwen3:8b' }] },
  ])
})

test('a server without a model list is not mentioned', async () => {
  const options = { presets: preset('local', '/else', null), findSecret: none }
  expect(await discoverModels({ ...options, modelsDev: false })).toEqual({ found: [], notes: [] })
})

test('limits and prices that a hosted provider does not list come from models.dev', async () => {
  const { found } = await discoverModels({
    presets: preset('hosted', '/v1', 'HOSTED_KEY'),
    findSecret: () => 'right',
    modelsDev: `${origin}/models-dev`,
  })
  expect(found).toMatchObject([
    { isHosted: true, models: [{ maxInputTokens: 32_000, price: { input: 1, output: 2 } }] },
  ])
})

test('a rejected API key is reported by its name, never by its value', async () => {
  const { found, notes } = await discoverModels({
    presets: preset('hosted', '/v1', 'HOSTED_KEY'),
    findSecret: () => 'wrong',
    modelsDev: false,
  })
  expect(found).toEqual([])
  expect(notes).toEqual([
    `hosted: ${origin}/v1/models returned 401: Incorrect API key provided. Check HOSTED_KEY.`,
  ])
})
