/** `npm run setup` with the real Wrangler, against Cloudflare's API on this machine. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import Anthropic from '@anthropic-ai/sdk'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import type { Served } from '../cli/serve.ts'
import { serve } from '../cli/serve.ts'
import type { Call } from './cloudflare-api.ts'
import { CloudflareApi } from './cloudflare-api.ts'
import type { RunOptions, SetupRun } from './run-setup.ts'
import { runSetup } from './run-setup.ts'

let api: CloudflareApi
let folder: string
let openai: Served
let keysFile: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'messages-gateway-test-'))
  keysFile = join(folder, 'keys.json')
  openai = await serve({ '/v1/models': { data: [{ id: 'gpt-x' }] } })
  const catalog = JSON.parse(await readFile('catalog.json', 'utf8'))
  catalog.providers.openai.base_url = `${openai.url}/v1`
  // Of the two providers, Workers AI answers here.
  catalog.models.push({
    id: 'agent',
    targets: [{ provider: 'bound', model: '@cf/zai-org/glm-5.3' }],
    price: { input: 1, output: 1 },
  })
  catalog.providers.bound = { preset: 'workers-ai-binding' }
  catalog.aliases['claude-sonnet-*'] = 'agent'
  await writeFile(join(folder, 'catalog.json'), JSON.stringify(catalog))
})

beforeEach(async () => {
  api = await CloudflareApi.start()
  return () => api.close()
})

afterAll(async () => {
  openai.close()
  await rm(folder, { recursive: true, force: true })
})

function args(): string[] {
  const catalog = join(folder, 'catalog.json')
  return ['--catalog', catalog, '--keys-file', keysFile, '--models-dev', `${openai.url}/none`]
}

function setUp(options: Partial<RunOptions> = {}): Promise<SetupRun> {
  return runSetup({
    api,
    state: join(folder, 'state'),
    args: args(),
    env: { OPENAI_API_KEY: 'sk-openai' },
    ...options,
  })
}

/** Kills the setup and all that it started at the first call that matches. */
async function setUpKilledAt(method: string, path: RegExp): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<Call>()
  let pid = 0
  api.onCall = (call) => {
    if (call.method === method && path.test(call.path)) {
      process.kill(-pid, 'SIGKILL')
      resolve(call)
    }
  }
  const run = setUp({ onStart: (child) => (pid = child.pid ?? 0) })
  await Promise.race([
    promise,
    run.then(({ stdout, stderr }) => {
      throw new Error(`it was not killed: ${stdout}${stderr}`)
    }),
  ])
  await run
  api.onCall = () => {}
}

describe('npm run setup', () => {
  test('npm run setup prepares an empty account, and changes nothing when it runs again', async () => {
    const first = await setUp()
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toContain('passed all checks. Model: claude-sonnet-5.')
    await expectReady()
    const { url, admin, team } = JSON.parse(await readFile(keysFile, 'utf8'))
    expect(first.stdout).not.toContain(team)
    expect(await answerOf(url, team)).toBe('pong')
    const listed = await fetch(`${url}/v1/organizations/api_keys`, {
      headers: { 'x-api-key': admin },
    })
    expect(await listed.json()).toMatchObject({ data: [{ name: 'admin' }, { name: 'team' }] })

    const writes = (): Call[] => api.calls.filter(({ method }) => method === 'PUT')
    const before = writes().length
    const again = await setUp({ env: { OPENAI_API_KEY: 'sk-other', GATEWAY_KEY: team } })
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(writes().slice(before)).toEqual([
      { method: 'PUT', path: '/workers/scripts/messages-gateway' },
    ])
    await expectReady()
  })

  test('npm run setup, killed at each step, is complete in the end, without a second key', async () => {
    await setUpKilledAt('POST', /namespaces$/)
    await setUpKilledAt('PUT', /secrets$/)
    await setUpKilledAt('PUT', /values\/catalog$/)
    await setUpKilledAt('PUT', /bulk$/)
    const completed = await setUp({ args: [...args(), '--no-smoke'] })
    expect(completed).toMatchObject({ code: 0, stderr: '' })
    await expectReady()
  })

  test('npm run setup without a login explains how to log in, and changes nothing', async () => {
    const { code, stderr } = await setUp({ env: { CLOUDFLARE_API_TOKEN: '' } })
    expect(code).toBe(1)
    expect(stderr).toContain('Run npx wrangler login; in CI, set CLOUDFLARE_API_TOKEN')
    expect(api.calls).toEqual([])
  })

  test.each([
    ['/storage/kv/', 'Workers KV Storage: Edit'],
    ['/workers/scripts/', 'Workers Scripts: Edit'],
  ])(
    'npm run setup with a token that may not use %s names the permission that it lacks',
    async (path, name) => {
      api.refuses = [path]
      const { code, stderr } = await setUp()
      expect(code).toBe(1)
      expect(stderr).toContain(name)
      expect(stderr).toContain('The setup stopped at "1. Deployment".')
    },
  )
})

/** Two namespaces, one secret, the catalog, two keys, and no key left on this machine. */
async function expectReady(): Promise<void> {
  expect([...api.namespaces.values()].map(({ title }) => title)).toEqual([
    'messages-gateway-keys',
    'messages-gateway-catalog',
  ])
  expect(Object.fromEntries(api.secrets)).toEqual({ OPENAI_API_KEY: 'sk-openai' })
  const catalog = (await api.entries('CATALOG')).get('catalog') ?? ''
  expect(JSON.parse(catalog).models).toContainEqual({
    id: 'openai/gpt-x',
    targets: [{ provider: 'openai', model: 'gpt-x' }],
  })
  expect(await keyNames()).toEqual(['admin', 'team'])
  const left = (await readdir(join(folder, 'state'))).filter((name) => name.startsWith('setup-'))
  expect(left).toEqual([])
}

async function keyNames(): Promise<string[]> {
  const names = [...(await api.entries('KEYS'))].flatMap(([name, value]) =>
    name.startsWith('key:') ? [JSON.parse(value).name] : [],
  )
  return names.toSorted((a, b) => a.localeCompare(b))
}

async function answerOf(url: string, key: string): Promise<string> {
  const { content } = await new Anthropic({ baseURL: url, apiKey: key }).messages.create({
    model: 'claude-sonnet-5',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Reply with exactly: pong' }],
  })
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('')
}
