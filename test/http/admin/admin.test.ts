import Anthropic from '@anthropic-ai/sdk'
import { env } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import { toNewFields } from '../../../src/keys/fields.ts'
import type { KeyInput } from '../../../src/keys/fields.ts'
import { hashKey, keyEntry } from '../../../src/keys/key.ts'
import { createKey } from '../../../src/keys/store.ts'
import { createHarness } from '../../support/app.ts'

const catalog = {
  version: 1,
  providers: { chat: { dialect: 'openai-chat', base_url: 'http://chat.test/v1', secret: null } },
  models: [
    { id: 'm', targets: [{ provider: 'chat', model: 'up' }], price: { input: 1, output: 10 } },
  ],
}

function answer(): Response {
  return Response.json({
    id: 'c',
    choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 5 },
  })
}

/** A gateway with the real KV and ledger, caches on, and a fresh admin key. */
async function open() {
  const harness = await createHarness({
    upstream: answer,
    catalog,
    vars: { LEDGER: env.LEDGER, KEYS: env.KEYS },
  })
  const root = await make({ scopes: ['admin'] })
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- says what the test expects
  async function call<Answer = Record<string, unknown>>(
    method: string,
    path: string,
    json?: object,
    key = root.key,
  ): Promise<{ status: number; body: Answer }> {
    const response = await harness.request(`/v1/organizations${path}`, {
      method,
      key,
      ...(json === undefined ? {} : { json }),
      ...(method === 'GET' ? {} : { method }),
    })
    return { status: response.status, body: await response.json<Answer>() }
  }
  async function ask(key: string): Promise<number> {
    const json = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'x' }] }
    return (await harness.request('/v1/messages', { key, json })).status
  }
  return { ...harness, root, call, ask }
}

async function make(input: Omit<KeyInput, 'name'>): Promise<{ id: string; key: string }> {
  const { key, record } = await createKey(env.KEYS, toNewFields('test', input), { now: new Date() })
  return { id: record.id, key }
}

interface Shown {
  id: string
  key?: string
  name: string
  status: string
  limits: object
  secrets: { last_four: string; expires_at: string | null; last_used_at: string | null }[]
}

describe('the Admin API', () => {
  test('the Admin API creates a key, returns its secret once, and changes it', async () => {
    const { call, ask } = await open()
    const made = await call<Shown>('POST', '/api_keys', {
      name: 'ci',
      limits: { rpm: 5, budgets: [{ usd: 1, period: 'day' }] },
    })
    const { id, key = '' } = made.body
    expect(made).toMatchObject({ status: 201, body: { type: 'api_key', status: 'active' } })
    expect(await ask(key)).toBe(200)
    const changed = await call<Shown>('POST', `/api_keys/${id}`, {
      name: 'ci 2',
      limits: { rpm: null, itpm: 1000 },
    })
    expect(changed.body).toMatchObject({
      name: 'ci 2',
      partial_key_hint: `gw-${id}-...${key.slice(-4)}`,
      limits: { itpm: 1000, budgets: [{ usd: 1, period: 'day' }] },
    })
    const shown = await call<Shown>('GET', `/api_keys/${id}`)
    expect(shown.body).toEqual({
      ...changed.body,
      secrets: shown.body.secrets,
      budgets: [expect.objectContaining({ period: 'day', limit_usd: 1, spent_usd: 0.00006 })],
      open_requests: [],
      adjustments: [],
      group: null,
    })
    expect(shown.body.secrets).toMatchObject([
      { last_four: key.slice(-4), expires_at: null, last_used_at: expect.any(String) },
    ])
    expect(JSON.stringify(shown)).not.toContain(key.slice(14, -4))
  })

  test('the Admin API returns a new key with a budget even while the catalog is invalid', async () => {
    const { request } = await createHarness({
      upstream: answer,
      catalog: { version: 9 },
      vars: { LEDGER: env.LEDGER, KEYS: env.KEYS },
    })
    const { key } = await make({ scopes: ['admin'] })
    const json = { name: 'ci', limits: { budgets: [{ usd: 1, period: 'day' }] } }
    const response = await request('/v1/organizations/api_keys', { method: 'POST', key, json })
    expect([response.status, await response.json()]).toEqual([
      201,
      expect.objectContaining({ key: expect.stringMatching(/^gw-/) }),
    ])
  })

  test('the Admin API shows a key its own limits and what is left of them, and nothing to an unknown key', async () => {
    const { call } = await open()
    const limits = { budgets: [{ usd: 20, period: 'month' as const }] }
    const { key, id } = await make({ limits })
    expect(await call('GET', '/api_keys/me', undefined, key)).toMatchObject({
      status: 200,
      body: { id, limits, budgets: [{ period: 'month', spent_usd: 0, left_usd: 20 }] },
    })
    const other = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`
    expect((await call('GET', '/api_keys/me', undefined, other)).status).toBe(401)
    expect((await call('GET', `/api_keys/${id}`, undefined, key)).status).toBe(403)
  })

  test('the Admin API rejects admin keys at /v1/messages, and unknown scopes', async () => {
    const { call, ask, root } = await open()
    expect(await ask(root.key)).toBe(403)
    expect((await call('POST', '/api_keys', { name: 'x', scopes: ['inferrence'] })).status).toBe(
      400,
    )
  })

  test('the Admin API rejects what the command rejects: dates in the past and two budgets of one period', async () => {
    const { call } = await open()
    const budgets = [3, 4].map((usd) => ({ usd, period: 'week' }))
    for (const input of [{ expires_at: '2020-01-01T00:00:00Z' }, { limits: { budgets } }]) {
      expect((await call('POST', '/api_keys', { name: 'x', ...input })).status).toBe(400)
    }
  })

  test('the Admin API rotates a disabled key only with force', async () => {
    const { call } = await open()
    const { id } = await make({})
    await call('POST', `/api_keys/${id}`, { status: 'inactive' })
    expect(await call('POST', `/api_keys/${id}/rotate`, {})).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('is disabled') } },
    })
    expect((await call('POST', `/api_keys/${id}/rotate`, { force: true })).status).toBe(200)
  })

  test('the Admin API returns who changed a key, how and when, without its secret', async () => {
    const { call, root } = await open()
    const { id, key = '' } = (await call<Shown>('POST', '/api_keys', { name: 'audited' })).body
    await call('POST', `/api_keys/${id}`, { limits: { rpm: 7 } })
    await call('POST', `/api_keys/${id}/revoke`)
    const { body } = await call('GET', `/api_keys/${id}/audit`)
    const by = { actor: `key:${root.id}`, at: expect.any(String) }
    expect(body).toEqual({
      data: [
        { ...by, action: 'create', changes: expect.objectContaining({ name: 'audited' }) },
        { ...by, action: 'update', changes: { limits: { rpm: 7 } } },
        { ...by, action: 'revoke', changes: {} },
      ],
    })
    expect(JSON.stringify(body)).not.toContain(key.slice(14, -4))
  })

  test('the Admin API lists keys in pages', async () => {
    const { call } = await open()
    await call('POST', '/api_keys', { name: 'page a' })
    await call('POST', '/api_keys', { name: 'page b' })
    const first = await call<{ data: Shown[]; has_more: boolean; last_id: string }>(
      'GET',
      '/api_keys?limit=1',
    )
    expect(first.body).toMatchObject({ has_more: true, data: [{ type: 'api_key' }] })
    const second = await call<{ data: Shown[] }>(
      'GET',
      `/api_keys?limit=1&after_id=${first.body.last_id}`,
    )
    expect(second.body.data[0]?.id).not.toBe(first.body.data[0]?.id)
  })

  test.each([
    ['POST', '/api_keys', { nmae: 'x' }],
    ['POST', '/api_keys', { name: '' }],
    ['POST', '/api_keys', { name: 'x', limits: { rpm: 0 } }],
    ['POST', '/api_keys', { name: 'x', limits: { rmp: 1 } }],
    ['GET', '/usage_report/messages?starting_at=yesterday', undefined],
  ])('the Admin API rejects %s %s %j as invalid', async (method, path, json) => {
    const { call } = await open()
    expect(await call(method, path, json)).toMatchObject({
      status: 400,
      body: { error: { type: 'invalid_request_error' } },
    })
  })

  test('the Admin API can be used with the official SDK', async () => {
    const { request, root } = await open()
    const { id } = await make({ expires_at: '2099-01-01T00:00:00Z' })
    const client = new Anthropic({
      baseURL: 'http://gateway.test',
      apiKey: root.key,
      maxRetries: 0,
      fetch: (url, init) =>
        request(new Request(url).url.replace('http://gateway.test', ''), {
          ...init,
          key: root.key,
        }),
    })
    const keys = client.beta.organization.apiKeys
    const listed: string[] = []
    for await (const key of keys.list({ limit: 2 })) {
      listed.push(key.id)
    }
    expect(listed).toContain(id)
    expect(new Set(listed).size).toBe(listed.length)
    const shown = await keys.retrieve(id)
    expect(shown).toMatchObject({
      type: 'api_key',
      status: 'active',
      expires_at: '2099-01-01T00:00:00Z',
    })
    expect(await keys.update(id, { name: 'renamed', status: 'inactive' })).toMatchObject({
      name: 'renamed',
      status: 'inactive',
    })
  })

  test('the Admin API returns 404 for a key that does not exist', async () => {
    const { call } = await open()
    expect((await call('GET', '/api_keys/aaaaaaaaab')).status).toBe(404)
    expect((await call('POST', '/api_keys/aaaaaaaaab/revoke')).status).toBe(404)
  })
})

describe('the Admin API is a 404 for', () => {
  const refused = { type: 'authentication_error', message: 'invalid x-api-key' }

  test('the Admin API is a 404 for a key that has no admin scope', async () => {
    const { call } = await open()
    const other = await make({})
    expect(await call('GET', '/api_keys', undefined, other.key)).toMatchObject({
      status: 403,
      body: { error: { type: 'permission_error', message: 'This API key may not do that.' } },
    })
  })

  test('the Admin API is a 404 for an expired admin key', async () => {
    const { call } = await open()
    const old = await make({ scopes: ['admin'], expires_at: '2020-01-01T00:00:00Z' })
    expect(await call('GET', '/api_keys', undefined, old.key)).toMatchObject({
      status: 401,
      body: { error: refused },
    })
  })

  test('the Admin API is a 404 for a disabled admin key, at once', async () => {
    const { call } = await open()
    const other = await make({ scopes: ['admin'] })
    expect((await call('GET', '/api_keys', undefined, other.key)).status).toBe(200)
    await call('POST', `/api_keys/${other.id}`, { status: 'inactive' })
    expect(await call('GET', '/api_keys', undefined, other.key)).toMatchObject({
      status: 401,
      body: { error: refused },
    })
    await call('POST', `/api_keys/${other.id}`, { status: 'active' })
    expect((await call('GET', '/api_keys', undefined, other.key)).status).toBe(200)
  })
})

describe('revocation', () => {
  test('revocation of an admin key applies to its next request even while KV still has its old record', async () => {
    const { call } = await open()
    const other = await make({ scopes: ['admin'] })
    const entry = keyEntry(await hashKey(other.key))
    const record = (await env.KEYS.get(entry)) ?? ''
    await call('POST', `/api_keys/${other.id}/revoke`)
    await env.KEYS.put(entry, record)
    expect((await call('GET', '/api_keys', undefined, other.key)).status).toBe(401)
  })

  test.each([
    [{ rpm: 1000 }],
    [{ strict: true }],
    [{ budgets: [{ usd: 1, period: 'day' as const }] }],
  ])(
    'revocation of a key with %j applies to its next request even if the key is cached',
    async (limits) => {
      const { call, ask } = await open()
      const { id, key } = await make({ limits })
      expect(await ask(key)).toBe(200)
      expect((await call('POST', `/api_keys/${id}/revoke`)).body).toMatchObject({
        status: 'archived',
      })
      expect(await ask(key)).toBe(401)
    },
  )

  test('revocation cannot be undone', async () => {
    const { call } = await open()
    const { id } = await make({})
    await call('POST', `/api_keys/${id}`, { status: 'archived' })
    expect((await call('POST', `/api_keys/${id}`, { status: 'active' })).status).toBe(400)
    expect((await call('POST', `/api_keys/${id}/rotate`)).status).toBe(400)
  })
})

describe('rotation of a key', () => {
  test('rotation of a key under load fails no request, and usage is booked under one id', async () => {
    const { call, ask, settled } = await open()
    const { id, key } = await make({ limits: { rpm: 1000 } })
    const before = Array.from({ length: 20 }, () => ask(key))
    const rotated = call<Shown>('POST', `/api_keys/${id}/rotate`, { grace_seconds: 3600 })
    const during = Array.from({ length: 20 }, () => ask(key))
    const { key: fresh = '', secrets } = (await rotated).body
    const after = [
      ...Array.from({ length: 10 }, () => ask(key)),
      ...Array.from({ length: 10 }, () => ask(fresh)),
    ]
    const statuses = await Promise.all([...before, ...during, ...after])
    expect(statuses.filter((status) => status === 200)).toHaveLength(60)
    expect(secrets.map(({ last_four }) => last_four)).toEqual([key.slice(-4), fresh.slice(-4)])
    await settled()
    const report = await call<{ data: { results: { gateway: { requests: number } }[] }[] }>(
      'GET',
      `/usage_report/messages?starting_at=${new Date().toISOString()}&api_key_ids[]=${id}`,
    )
    expect(report.body.data[0]?.results).toMatchObject([{ gateway: { requests: 60 } }])
  })

  test('two rotations of a key at once create two secrets that both work and can both be revoked', async () => {
    const { call, ask } = await open()
    const { id, key } = await make({ limits: { strict: true } })
    const rotations = [1, 2].map(() =>
      call<Shown>('POST', `/api_keys/${id}/rotate`, { grace_seconds: 60 }),
    )
    const keys = (await Promise.all(rotations)).map(({ body }) => body.key ?? '')
    expect(await Promise.all([key, ...keys].map(ask))).toEqual([200, 200, 200])
    await call('POST', `/api_keys/${id}/revoke`)
    expect(await Promise.all([key, ...keys].map(ask))).toEqual([401, 401, 401])
  })

  test('rotation of a key without grace invalidates the old secret', async () => {
    const { call } = await open()
    const { id } = await make({})
    const { body } = await call<Shown>('POST', `/api_keys/${id}/rotate`)
    expect(body.secrets).toHaveLength(1)
  })
})

describe('Admin API reports', () => {
  test('Admin API reports have tokens and cost in Anthropic’s format', async () => {
    const { call, ask, settled } = await open()
    const { id, key } = await make({})
    await ask(key)
    await ask(key)
    await settled()
    const today = new Date().toISOString().slice(0, 10)
    const span = `starting_at=${today}T00:00:00Z&api_key_ids[]=${id}`
    const usage = await call(
      'GET',
      `/usage_report/messages?${span}&group_by[]=api_key_id&group_by[]=model`,
    )
    expect(usage.body).toMatchObject({
      has_more: false,
      next_page: null,
      data: [
        {
          starting_at: `${today}T00:00:00Z`,
          results: [
            {
              uncached_input_tokens: 20,
              cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
              cache_read_input_tokens: 0,
              output_tokens: 10,
              server_tool_use: { web_search_requests: 0 },
              api_key_id: id,
              model: 'm',
              workspace_id: null,
              gateway: { requests: 2, cost_usd: '0.00012', estimated_requests: 0 },
            },
          ],
        },
      ],
    })
    const cost = await call('GET', `/cost_report?${span}&group_by[]=description`)
    expect(cost.body).toMatchObject({
      data: [{ results: [{ currency: 'USD', amount: '0.012', cost_type: 'tokens', model: 'm' }] }],
    })
  })

  test('Admin API reports continue with the page that `next_page` names', async () => {
    const { call } = await open()
    const { id } = await make({})
    const path = `/usage_report/messages?starting_at=2026-01-01T00:00:00Z&ending_at=2026-01-04T00:00:00Z&limit=2&api_key_ids[]=${id}`
    const first = await call<{ data: object[]; next_page: string }>('GET', path)
    expect(first.body).toMatchObject({ has_more: true, data: [{}, {}] })
    const second = await call('GET', `${path}&page=${first.body.next_page}`)
    expect(second.body).toEqual({
      data: [
        {
          starting_at: '2026-01-03T00:00:00Z',
          ending_at: '2026-01-04T00:00:00Z',
          results: [],
        },
      ],
      has_more: false,
      next_page: null,
    })
  })
})
