import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { FirstKeys } from '../../../src/cli/setup/first-keys.ts'
import type { SetupOptions, SetupTools } from '../../../src/cli/setup/set-up.ts'
import { setUp } from '../../../src/cli/setup/set-up.ts'
import { hashKey } from '../../../src/keys/key.ts'
import type { Served } from '../serve.ts'
import { serve } from '../serve.ts'
import { FakeWrangler, Killed } from './fake-wrangler.ts'

let folder: string
let openai: Served
let wrangler: FakeWrangler
let secrets: Record<string, string>
/** What is printed, and the keys that are shown. */
let printed: string[]
let shown: FirstKeys[]
let tested: object[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'messages-gateway-test-'))
  openai = await serve({
    '/v1/models': { data: [{ id: 'gpt-x' }] },
    '/models-dev': {
      openai: {
        env: ['OPENAI_API_KEY'],
        models: { 'gpt-x': { limit: { context: 400_000 }, cost: { input: 1, output: 8 } } },
      },
    },
  })
  const shipped = JSON.parse(await readFile('catalog.json', 'utf8'))
  shipped.providers.openai.base_url = `${openai.url}/v1`
  await writeFile(join(folder, 'catalog.json'), JSON.stringify(shipped))
  wrangler = new FakeWrangler()
  secrets = { OPENAI_API_KEY: 'sk-openai' }
  printed = []
  shown = []
  tested = []
})

afterEach(async () => {
  openai.close()
  await rm(folder, { recursive: true, force: true })
})

function runSetup(options: Partial<SetupOptions> = {}, tools: Partial<SetupTools> = {}) {
  return setUp(
    {
      url: undefined,
      catalog: join(folder, 'catalog.json'),
      replaceCatalog: false,
      modelsDev: `${openai.url}/models-dev`,
      smoke: true,
      smokeKey: undefined,
      state: join(folder, 'state'),
      ...options,
    },
    {
      run: wrangler.run,
      questions: undefined,
      findSecret: (name) => secrets[name],
      isBound: (binding) => binding === 'AI',
      print: (text) => printed.push(text),
      showKeys: async (keys) => {
        shown.push(keys)
        return true
      },
      smokeTest: async (request) => void tested.push(request),
      waitUntilReady: async () => {},
      now: () => new Date('2026-11-01T00:00:00Z'),
      ...tools,
    },
  )
}

/** The names of the keys in KV, and which of the shown ones are accepted. */
async function readKeys() {
  const entries = [...wrangler.kv.KEYS]
  const names = entries.flatMap(([name, { metadata }]) =>
    name.startsWith('id:') && metadata !== undefined && 'name' in metadata ? [metadata.name] : [],
  )
  const keys = shown.flatMap((each) => Object.values(each))
  const hashes = await Promise.all(keys.map((key) => hashKey(key)))
  return {
    names: names.map(String).toSorted((a, b) => a.localeCompare(b)),
    accepted: hashes.filter((hash) => wrangler.kv.KEYS.has(`key:${hash}`)).length,
  }
}

function readCatalog() {
  const { value = '', metadata } = wrangler.kv.CATALOG.get('catalog') ?? {}
  return { catalog: JSON.parse(value), metadata }
}

describe('the setup of an empty account', () => {
  test('the setup of an empty account deploys, sets the secrets that are here, and makes the first two keys', async () => {
    await runSetup()
    expect([...wrangler.secrets]).toEqual([['OPENAI_API_KEY', 'sk-openai']])
    expect(await readKeys()).toEqual({ names: ['admin', 'team'], accepted: 2 })
    const records = [...wrangler.kv.KEYS].flatMap(([name, { value }]) =>
      name.startsWith('key:') ? [JSON.parse(value)] : [],
    )
    expect(records).toMatchObject([
      { name: 'admin', scopes: ['admin'] },
      { name: 'team', scopes: ['inference'] },
    ])
  })

  test('the setup of an empty account writes a catalog of Workers AI and of the models that providers list, with prices', async () => {
    await runSetup()
    const { catalog } = readCatalog()
    expect(openai.seen).toContainEqual({
      path: '/v1/models',
      headers: expect.objectContaining({ authorization: 'Bearer sk-openai' }),
    })
    expect(catalog.models).toContainEqual({
      id: 'openai/gpt-x',
      max_input_tokens: 400_000,
      price: { input: 1, output: 8 },
      targets: [{ provider: 'openai', model: 'gpt-x' }],
    })
    expect(catalog.models[0].id).toBe('workers-ai/glm-5.3')
    expect(catalog.aliases['claude-sonnet-*']).toBe('openai/gpt-x')
    expect(JSON.stringify(catalog)).not.toContain('demo')
  })

  test('the setup of an empty account points Claude’s names at Workers AI if there is no other provider', async () => {
    secrets = {}
    await runSetup()
    expect(readCatalog().catalog.aliases['claude-sonnet-*']).toBe('workers-ai/glm-5.3')
    expect(wrangler.calls).not.toContain('secret put')
  })

  test('the setup of an empty account leaves the models and aliases of the catalog file as they are', async () => {
    const file = join(folder, 'catalog.json')
    const catalog = JSON.parse(await readFile(file, 'utf8'))
    catalog.providers.mine = { preset: 'workers-ai-binding' }
    catalog.models.push({ id: 'mine', targets: [{ provider: 'mine', model: '@cf/x/y' }] })
    catalog.aliases['claude-sonnet-*'] = 'mine'
    await writeFile(file, JSON.stringify(catalog))
    await runSetup()
    const { aliases } = readCatalog().catalog
    expect(aliases['claude-sonnet-*']).toBe('mine')
    expect(aliases['claude-opus-*']).toBe('openai/gpt-x')
  })

  test('the setup of an empty account tests the gateway with the team’s key, and prints how each client reaches it', async () => {
    await runSetup()
    const url = 'https://messages-gateway.acme.workers.dev'
    const team = shown[0]?.team
    expect(tested).toEqual([{ url, key: team, model: 'claude-sonnet-5' }])
    const text = printed.join('\n')
    expect(text).toContain(`ANTHROPIC_BASE_URL=${url} ANTHROPIC_AUTH_TOKEN=${team}`)
    expect(text).toContain('CLAUDE_CODE_MAX_CONTEXT_TOKENS=400000')
    expect(text).toContain(`baseURL: '${url}/v1'`)
    expect(text).not.toContain('sk-openai')
  })

  test('the setup of an empty account prints no key if the keys are handed out otherwise', async () => {
    await runSetup({}, { showKeys: async (keys) => shown.push(keys) < 0 })
    expect(shown[0]?.team).toMatch(/^gw-/)
    expect(printed.join('\n')).not.toContain(shown[0]?.team)
    expect(await readdir(join(folder, 'state'))).toEqual([])
  })
})

describe('the setup that runs again', () => {
  test('a setup that runs again creates no second keys, sets no secret twice, and keeps the catalog', async () => {
    await runSetup()
    const first = readCatalog()
    const { length } = wrangler.calls
    await runSetup({ smokeKey: 'gw-known' })
    expect(wrangler.calls.slice(length).filter((call) => call.endsWith('put'))).toEqual([])
    expect(readCatalog()).toEqual(first)
    expect(shown[1]).toEqual({})
    expect(tested[1]).toMatchObject({ key: 'gw-known' })
  })

  test('a setup that runs again tests the gateway with a temporary key where no key is known', async () => {
    await runSetup()
    await runSetup()
    const temporary = [...wrangler.kv.KEYS].filter(([, { expiration, value }]) =>
      value.includes('npm run setup') ? expiration !== undefined : false,
    )
    expect(temporary).toHaveLength(1)
    expect(temporary[0]?.[1].expiration).toBe(Date.parse('2026-11-01T00:11:00Z') / 1000)
  })

  test('a setup that runs again adds the models of a provider whose key is new', async () => {
    secrets = {}
    await runSetup()
    secrets = { OPENAI_API_KEY: 'sk-openai' }
    await runSetup()
    expect(readCatalog().catalog.aliases['claude-opus-*']).toBe('openai/gpt-x')
  })

  test('a setup that runs again keeps the models of a provider whose key only the Worker has', async () => {
    await runSetup()
    const first = readCatalog()
    secrets = {}
    await runSetup()
    expect(readCatalog()).toEqual(first)
  })

  test('a setup that runs again keeps an edited catalog unless replacing it is confirmed', async () => {
    await runSetup()
    const own = JSON.stringify({ version: 1, providers: {}, models: [] })
    wrangler.kv.CATALOG.set('catalog', { value: own })
    await runSetup()
    expect(readCatalog().catalog.models).toEqual([])
    expect(printed.join('\n')).toContain('Use --replace-catalog to replace it')
    await runSetup({ replaceCatalog: true })
    expect(readCatalog().catalog.models.length).toBeGreaterThan(5)
  })

  test('a setup that runs again creates no key where an operator has created one', async () => {
    const metadata = { name: 'alice', status: 'active', expires_at: null, last_four: 'abcd' }
    wrangler.kv.KEYS.set('id:abcdefghij', { value: '{"hashes":[],"last_four":"abcd"}', metadata })
    await runSetup({ smokeKey: 'gw-known' })
    expect(await readKeys()).toEqual({ names: ['alice'], accepted: 0 })
  })
})

describe('a setup that is killed', () => {
  /** Whoami, deploy, secret list and put, catalog get and put, key list and bulk put. */
  const calls = 8

  test.each(
    Array.from({ length: calls }, (_, call) => [
      { call, when: 'before' as const },
      { call, when: 'after' as const },
    ]).flat(),
  )('a setup that is killed $when call $call is completed by the next one', async (killAt) => {
    wrangler.killAt = killAt
    await expect(runSetup()).rejects.toThrow(Killed)
    wrangler.killAt = undefined
    await runSetup()
    expect([...wrangler.secrets.keys()]).toEqual(['OPENAI_API_KEY'])
    expect(await readKeys()).toEqual({ names: ['admin', 'team'], accepted: 2 })
    expect(readCatalog().catalog.aliases['claude-sonnet-*']).toBe('openai/gpt-x')
    expect(tested).toHaveLength(1)
    expect(await readdir(join(folder, 'state'))).toEqual([])
  })

  test('a setup that is killed before it shows the new keys shows the same keys at the next run', async () => {
    const showKeys = async (keys: FirstKeys): Promise<never> => {
      shown.push(keys)
      throw new Killed()
    }
    await expect(runSetup({}, { showKeys })).rejects.toThrow(Killed)
    await runSetup()
    expect(shown[1]).toEqual(shown[0])
    expect(await readKeys()).toEqual({ names: ['admin', 'team'], accepted: 4 })
  })

  test('a setup that was killed does not restore a key that was revoked in the meantime', async () => {
    wrangler.killAt = { call: calls - 1, when: 'after' }
    await expect(runSetup()).rejects.toThrow(Killed)
    wrangler.killAt = undefined
    const revoked = [...wrangler.kv.KEYS.keys()].find((name) => name.startsWith('key:')) ?? ''
    wrangler.kv.KEYS.set(revoked, { value: '{"status":"revoked"}' })
    await runSetup()
    expect(wrangler.kv.KEYS.get(revoked)?.value).toBe('{"status":"revoked"}')
  })

  test('a setup that is killed in the smoke test has shown the keys, and is completed by the next one', async () => {
    const smokeTest = async (): Promise<never> => {
      throw new Killed()
    }
    await expect(runSetup({}, { smokeTest })).rejects.toThrow(Killed)
    expect(shown[0]?.admin).toMatch(/^gw-/)
    await runSetup({ smokeKey: 'gw-known' })
    expect(await readKeys()).toEqual({ names: ['admin', 'team'], accepted: 2 })
  })
})

describe('a setup that cannot continue', () => {
  const denied = 'Authentication error [code: 10000]'

  test.each([
    ['whoami', 'npx wrangler login', '1. Deployment'],
    ['deploy', 'Workers Scripts: Edit', '1. Deployment'],
    ['secret put', 'Workers Scripts: Edit', '2. Secrets'],
    ['kv key get', 'Workers KV Storage: Edit', '3. Catalog'],
    ['kv bulk put', 'Workers KV Storage: Edit', '4. Keys'],
  ])(
    'a setup without a permission at %s names it, and the step that failed',
    async (call, next, step) => {
      wrangler.failures.set(call, denied)
      const error = await runSetup().catch((cause: unknown) => cause)
      expect(String(error)).toMatch(/^UserError: /)
      expect(String(error)).toContain(next)
      expect(String(error)).toContain(
        `The setup stopped at "${step}". Run npm run setup again: it continues there.`,
      )
      wrangler.failures.clear()
      await runSetup()
      expect(await readKeys()).toEqual({ names: ['admin', 'team'], accepted: 2 })
    },
  )

  test('a setup without a login explains how to log in', async () => {
    wrangler.login = { loggedIn: false }
    await expect(runSetup()).rejects.toThrow(
      'Wrangler is not logged in to Cloudflare. Run npx wrangler login; in CI, set CLOUDFLARE_API_TOKEN',
    )
    expect(wrangler.calls).toEqual(['whoami'])
  })

  test('a setup with several accounts names them, and takes the one that is chosen', async () => {
    const accounts = [
      { id: 'acc-1', name: 'Acme' },
      { id: 'acc-2', name: 'Other' },
    ]
    wrangler.login = { loggedIn: true, accounts }
    await expect(runSetup()).rejects.toThrow(
      'acc-1 (Acme), acc-2 (Other). Set CLOUDFLARE_ACCOUNT_ID',
    )
  })
})
