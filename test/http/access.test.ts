import { describe, expect, test } from 'vitest'

import { mintKey } from '../../src/keys/key.ts'
import { createHarness, key } from '../support/app.ts'

const models = '/v1/models'

describe('a key', () => {
  test.each([
    ['x-api-key', { 'x-api-key': key }],
    ['Bearer', { authorization: `Bearer ${key}` }],
    [
      'both, the other one foreign',
      { 'x-api-key': 'sk-ant-api03-x', authorization: `Bearer ${key}` },
    ],
    ['both, the first one right', { 'x-api-key': key, authorization: 'Bearer sk-ant-oat01-x' }],
  ])('a key may be sent as %s', async (_, headers) => {
    const { request } = await createHarness()
    expect((await request(models, { key: '', headers })).status).toBe(200)
  })

  test.each([
    ['', 'x-api-key header is required'],
    ['nonsense', 'invalid x-api-key'],
    [mintKey('bbbbbbbbbb'), 'invalid x-api-key'],
    [`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`, 'invalid x-api-key'],
  ])('a key is rejected without a retry: %s → 401 %s', async (given, message) => {
    const { request } = await createHarness()
    const response = await request(models, { key: given })
    expect([response.status, await response.json()]).toMatchObject([
      401,
      { type: 'error', error: { type: 'authentication_error', message } },
    ])
    expect(response.headers.get('x-should-retry')).toBe('false')
  })

  test('a key that has expired is refused with that reason', async () => {
    const { request } = await createHarness({ record: { expires_at: '2020-01-01T00:00:00Z' } })
    const response = await request(models)
    expect([response.status, await response.text()]).toEqual([
      401,
      expect.stringContaining('API key expired'),
    ])
  })

  test('a key that was revoked is refused like an unknown one', async () => {
    const { request } = await createHarness({ record: { status: 'revoked' } })
    expect((await request(models)).status).toBe(401)
  })

  test('a key lists and uses only its own models', async () => {
    const { request } = await createHarness({ record: { models: ['claude-*'] } })
    const list = await (await request(models)).json<{ data: { id: string }[] }>()
    expect(list.data.map(({ id }) => id).toSorted()).toEqual(['claude-renamed', 'claude-x'])
    const response = await request('/v1/messages', {
      json: { model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'x' }] },
    })
    expect([response.status, await response.json()]).toMatchObject([
      403,
      { error: { type: 'permission_error' } },
    ])
  })
})

describe('a request without a key', () => {
  test.each([
    ['HEAD', '/'],
    ['GET', '/'],
    ['HEAD', '/api/hello'],
    ['GET', '/api/hello'],
    ['GET', '/health'],
    ['POST', '/api/event_logging/batch'],
  ])('a request without a key is answered at %s %s', async (method, path) => {
    const { request } = await createHarness()
    expect((await request(path, { method, key: '' })).status).toBe(200)
  })
})

describe('a browser of another origin', () => {
  test('a browser of another origin gets a response to its preflight request', async () => {
    const { request } = await createHarness()
    const response = await request('/v1/messages', {
      method: 'OPTIONS',
      key: '',
      headers: {
        origin: 'https://x.test',
        'access-control-request-headers': 'x-api-key,x-stainless-os',
      },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-headers')).toBe('x-api-key,x-stainless-os')
  })

  test('a browser of another origin gets no access to the Admin API', async () => {
    const { request } = await createHarness()
    const headers = { origin: 'https://x.test', 'access-control-request-headers': 'x-api-key' }
    const path = '/v1/organizations/api_keys'
    const preflight = await request(path, { method: 'OPTIONS', key: '', headers })
    const response = await request(path, { headers })
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('a browser of another origin may read errors, and the headers that the gateway documents', async () => {
    const message = { role: 'assistant', content: 'hi' }
    const upstream = () => Response.json({ choices: [{ message, finish_reason: 'stop' }] })
    const { request } = await createHarness({ upstream })
    const headers = { origin: 'https://x.test' }
    const error = await request(models, { key: 'bad', headers })
    expect(error.headers.get('access-control-allow-origin')).toBe('*')
    expect(error.headers.get('access-control-expose-headers')).toBe('request-id, x-should-retry')
    const json = { model: 'm', max_tokens: 9, top_k: 5, messages: [{ role: 'user', content: 'x' }] }
    const answer = await request('/v1/messages', { json, headers })
    expect(answer.headers.get('access-control-expose-headers')).toBe(
      'gateway-adapted, gateway-model, request-id, server-timing',
    )
  })
})

describe('/health', () => {
  test('/health names missing secrets, never a value', async () => {
    const { request, env } = await createHarness({ vars: { CHAT_KEY: '' } })
    const text = await (await request('/health', { key: '' })).text()
    expect(JSON.parse(text)).toMatchObject({
      status: 'degraded',
      catalog: 'kv',
      missing: ['provider chat: secret CHAT_KEY is missing'],
    })
    expect(text).not.toContain(String(Reflect.get(env, 'ANTHROPIC_API_KEY')))
  })

  test('/health names what sign-in lacks, and fails closed without it', async () => {
    const identity = {
      people: [{ match: 'everyone' }],
      providers: { company: { issuer: 'https://id.example', client_id: 'c', secret: 'OIDC' } },
    }
    const { request } = await createHarness({
      catalog: { version: 1, providers: {}, models: [], identity },
    })
    expect(await (await request('/health')).json()).toMatchObject({
      missing: [
        'sign-in: Durable Object binding SIGN_IN is missing',
        'sign-in provider company: secret OIDC is missing',
      ],
    })
    expect((await request('/device', { key: '' })).status).toBe(500)
  })

  test('/health and every other response name a missing binding', async () => {
    const { request, env } = await createHarness()
    Reflect.deleteProperty(env, 'KEYS')
    const health = await request('/health')
    expect([health.status, await health.json()]).toMatchObject([
      503,
      { missing: ['KV binding KEYS is missing'] },
    ])
    const response = await request(models)
    expect([response.status, await response.text()]).toEqual([
      500,
      expect.stringContaining('the KV binding KEYS is missing'),
    ])
  })
})

describe('the catalog of a request', () => {
  test.each([['/v1/models/a%2Fb:free'], ['/v1/models/a/b:free'], ['/v1/v1/models/a%2Fb:free']])(
    'the catalog of a request may have model ids with slashes: %s',
    async (path) => {
      const { request } = await createHarness({
        catalog: {
          version: 1,
          providers: { p: { preset: 'openai' } },
          models: [{ id: 'a/b:free', targets: [{ provider: 'p', model: 'x' }] }],
        },
      })
      expect(await (await request(path)).json()).toMatchObject({ id: 'a/b:free', type: 'model' })
    },
  )

  test('an invalid catalog makes a request an error with its first fault', async () => {
    const { request } = await createHarness({
      catalog: { version: 1, providers: {}, models: [{}] },
    })
    const response = await request(models)
    expect([response.status, await response.text()]).toEqual([
      500,
      expect.stringContaining('models.0.id'),
    ])
  })

  test('a request for a model that the catalog does not contain is not served', async () => {
    const { request } = await createHarness()
    const response = await request('/v1/models/nope')
    expect([response.status, await response.text()]).toEqual([
      404,
      expect.stringContaining('model: nope'),
    ])
  })
})
