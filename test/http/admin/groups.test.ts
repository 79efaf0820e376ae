import { env } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import { toNewFields } from '../../../src/keys/fields.ts'
import type { KeyInput } from '../../../src/keys/fields.ts'
import { createKey } from '../../../src/keys/store.ts'
import { toGroupLedger } from '../../../src/ledger/ledger-name.ts'
import type { HarnessOptions } from '../../support/app.ts'
import { chatStream, createHarness, delta } from '../../support/app.ts'

const catalog = {
  version: 1,
  providers: { chat: { dialect: 'openai-chat', base_url: 'http://chat.test/v1', secret: null } },
  models: [
    // 10 prompt tokens and 5 written: 10 x 1 + 5 x 10 = 60 micro-dollars.
    { id: 'm', targets: [{ provider: 'chat', model: 'up' }], price: { input: 1, output: 10 } },
    { id: 'opus', targets: [{ provider: 'chat', model: 'up' }], price: { input: 1, output: 10 } },
    { id: 'unpriced', targets: [{ provider: 'chat', model: 'up' }] },
  ],
}

function answer(): Response {
  return Response.json({
    id: 'c',
    choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 5 },
  })
}

interface Group {
  id: string
  name: string
  status: string
  limits: object
  models: string[]
  budgets: { period: string; spent_usd: number; left_usd: number }[]
  open_requests: unknown[]
  keys: { id: string }[]
}

let names = 0

/** A gateway with the real KV and ledgers, an admin key, and a group with these fields. */
async function open(fields: object = {}, options: HarnessOptions = {}) {
  const harness = await createHarness({
    upstream: answer,
    catalog,
    vars: { LEDGER: env.LEDGER, KEYS: env.KEYS },
    ...options,
  })
  const root = await makeKey({ scopes: ['admin'] })
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
      ...(json === undefined ? {} : { json, method }),
    })
    return { status: response.status, body: await response.json<Answer>() }
  }
  const ask = (key: string, more: object = {}) =>
    harness.request('/v1/messages', {
      key,
      json: { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'x' }], ...more },
    })
  const name = `group ${(names += 1)}`
  const { body: group } = await call<Group>('POST', '/groups', { name, ...fields })
  return { ...harness, call, ask, group, ledger: env.LEDGER.getByName(toGroupLedger(group.id)) }
}

async function makeKey(input: Omit<KeyInput, 'name'>): Promise<{ id: string; key: string }> {
  const { key, record } = await createKey(env.KEYS, toNewFields('test', input), { now: new Date() })
  return { id: record.id, key }
}

async function messageOf(response: Response): Promise<string> {
  const { error } = await response.json<{ error: { type: string; message: string } }>()
  return `${error.type}: ${error.message}`
}

describe('a group of keys', () => {
  test('a group of keys shares its limit among its keys, and the error names the group as its holder', async () => {
    const { ask, group } = await open({ limits: { rpm: 3 } })
    const keys = await Promise.all([1, 2].map(() => makeKey({ group_id: group.id })))
    const responses = await Promise.all([0, 1, 0, 1, 0].map((index) => ask(keys[index]?.key ?? '')))
    expect(responses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200, 200, 200, 429, 429,
    ])
    const refused = responses.find(({ status }) => status === 429) ?? new Response('{}')
    expect(await messageOf(refused)).toMatch(
      /^rate_limit_error: This request would exceed the limit of your group: 3 requests per minute/,
    )
    const alone = await makeKey({})
    expect((await ask(alone.key)).status).toBe(200)
  })

  test('a group of keys has its budget in addition to the key’s, and the header has the tighter one of each period', async () => {
    const { ask, group, settled } = await open({
      limits: { budgets: [{ usd: 0.5, period: 'day' }] },
    })
    const limits = {
      budgets: [
        { usd: 9, period: 'day' as const },
        { usd: 100, period: 'month' as const },
      ],
    }
    const { key } = await makeKey({ group_id: group.id, limits })
    const first = await ask(key)
    await settled()
    expect(first.headers.get('gateway-budget')).toMatch(
      /^day;limit=0\.500;spent=0\.000;left=0\.499;reset=\d+;group, month;limit=100\.000;spent=0\.000;left=99\.999;reset=\d+$/,
    )
  })

  test('a group of keys that has spent its budget refuses all its keys, whatever is left of their own', async () => {
    const { ask, group, settled, call } = await open({
      limits: { budgets: [{ usd: 0.00006, period: 'day' }] },
    })
    const [one, two] = [
      await makeKey({ group_id: group.id }),
      await makeKey({ group_id: group.id, limits: { budgets: [{ usd: 5, period: 'day' }] } }),
    ]
    expect((await ask(one.key)).status).toBe(200)
    await settled()
    const refused = await ask(two.key)
    expect(refused.status).toBe(429)
    expect(await messageOf(refused)).toMatch(
      /^billing_error: Your group has reached its budget of \$\d.* a day\. It resets at /,
    )
    await settled()
    const shown = await call<Group>('GET', `/groups/${group.id}`)
    expect(shown.body.budgets).toMatchObject([{ spent_usd: 0.00006, left_usd: 0 }])
    expect(shown.body.keys.map(({ id }) => id).toSorted()).toEqual([one.id, two.id].toSorted())
  })

  test('a group of keys that rejects a request releases the reservation of its key, and records no charge', async () => {
    const { ask, group, settled } = await open({ limits: { concurrency: 1, rpm: 1 } })
    const { id, key } = await makeKey({ group_id: group.id, limits: { concurrency: 2, rpm: 2 } })
    const statuses: number[] = []
    for (let tries = 0; tries < 4; tries += 1) {
      statuses.push((await ask(key)).status)
      await settled()
    }
    expect(statuses).toEqual([200, 429, 429, 429])
    const ledger = env.LEDGER.getByName(id)
    expect((await ledger.standing({})).open).toEqual([])
    const rows = await ledger.usage({ from: 0, to: 1e9, hoursPerRow: 24 })
    expect(rows.map(({ requests, cost }) => [requests, cost])).toEqual([[1, 60_000]])
  })

  test('a group of keys gets no reservation of a key that is over its own limit', async () => {
    const { ask, group, settled, ledger } = await open({ limits: { rpm: 100 } })
    const { key } = await makeKey({ group_id: group.id, limits: { rpm: 1 } })
    expect((await ask(key)).status).toBe(200)
    await settled()
    const refused = await ask(key)
    expect(await messageOf(refused)).toContain('limit of your API key')
    const rows = await ledger.usage({ from: 0, to: 1e9, hoursPerRow: 24 })
    expect(rows.map(({ requests }) => requests)).toEqual([1])
  })

  test('a group of keys holds a slot until the stream of its key has ended', async () => {
    const { ask, group, settled } = await open(
      { limits: { concurrency: 1 } },
      { upstream: () => chatStream(delta({ content: 'a' }, 'stop')) },
    )
    const [one, two] = [
      await makeKey({ group_id: group.id }),
      await makeKey({ group_id: group.id }),
    ]
    const stream = await ask(one.key, { stream: true })
    expect((await ask(two.key, { stream: true })).status).toBe(429)
    await stream.text()
    await settled()
    expect((await ask(two.key, { stream: true })).status).toBe(200)
  })

  test('a group of keys limits the models of its keys, and what they list', async () => {
    const { ask, group, request } = await open({ models: ['m'] })
    const { key } = await makeKey({ group_id: group.id, models: ['m', 'opus'] })
    expect([(await ask(key)).status, (await ask(key, { model: 'opus' })).status]).toEqual([
      200, 403,
    ])
    const listed = await (await request('/v1/models', { key })).json<{ data: { id: string }[] }>()
    expect(listed.data.map(({ id }) => id)).toEqual(['m'])
    expect((await request('/v1/models/opus', { key })).status).toBe(404)
  })

  test('a group of keys with a budget for one model limits that model alone, and may be raised for a time', async () => {
    const { ask, group, settled, call } = await open({
      limits: { models: { 'op*': { budgets: [{ usd: 0.00006, period: 'month' }] } } },
    })
    const { key } = await makeKey({ group_id: group.id })
    const statuses: number[] = []
    for (const model of ['opus', 'opus', 'm']) {
      statuses.push((await ask(key, { model })).status)
      await settled()
    }
    expect(statuses).toEqual([200, 429, 200])
    const until = new Date(Date.now() + 86_400_000).toISOString()
    const raised = { 'op*': { budgets: [{ usd: 1, period: 'month', until }] } }
    await call('POST', `/groups/${group.id}`, { limits: { models: raised } })
    expect((await ask(key, { model: 'opus' })).status).toBe(200)
  })

  test('a group of keys with a budget does not let its keys use a model without a price', async () => {
    const { ask, group } = await open({ limits: { budgets: [{ usd: 5, period: 'day' }] } })
    const { key } = await makeKey({ group_id: group.id })
    const refused = await ask(key, { model: 'unpriced' })
    expect(group).toMatchObject({ unpriced_models: ['unpriced'] })
    expect(refused.status).toBe(403)
    expect(await messageOf(refused)).toContain('unpriced has no price')
  })

  test('a group of keys counts what its keys used before it had a budget', async () => {
    const vars = { LEDGER: env.LEDGER, KEYS: env.KEYS, CACHE: 'off' }
    const { ask, group, settled, call } = await open({}, { vars })
    const { key } = await makeKey({ group_id: group.id })
    expect((await ask(key)).status).toBe(200)
    await settled()
    const limits = { budgets: [{ usd: 0.00006, period: 'day' }] }
    const { body } = await call<Group>('POST', `/groups/${group.id}`, { limits })
    expect(body.budgets).toMatchObject([{ spent_usd: 0.00006 }])
    expect((await ask(key)).status).toBe(429)
  })

  test('a group of keys that is disabled rejects its keys until it is active again, immediately if it has limits', async () => {
    const { ask, group, call } = await open({ limits: { rpm: 100 } })
    const { key } = await makeKey({ group_id: group.id })
    expect((await ask(key)).status).toBe(200)
    await call('POST', `/groups/${group.id}`, { status: 'disabled' })
    const refused = await ask(key)
    expect(refused.status).toBe(403)
    expect(await messageOf(refused)).toMatch(/^permission_error: The group of this API key is/)
    await call('POST', `/groups/${group.id}`, { status: 'active' })
    expect((await ask(key)).status).toBe(200)
  })

  test('a group of keys that is missing in KV refuses its keys, since its limits could not hold', async () => {
    const { ask } = await open()
    const { key } = await makeKey({ group_id: 'gone' })
    const refused = await ask(key)
    expect(refused.status).toBe(500)
    expect(await messageOf(refused)).toContain('The record of group gone')
  })

  test('a group of keys whose ledger is unavailable refuses keys of a group with a budget, and admits others', async () => {
    const broken = { getByName: () => ({ reserve: () => Promise.reject(new Error('down')) }) }
    const { group, call } = await open({ limits: { rpm: 100 } })
    const { key } = await makeKey({ group_id: group.id })
    const gateway = await createHarness({
      upstream: answer,
      catalog,
      vars: { LEDGER: broken, KEYS: env.KEYS },
    })
    const json = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'x' }] }
    const admitted = await gateway.request('/v1/messages', { key, json })
    expect([admitted.status, admitted.headers.get('gateway-ledger')]).toEqual([200, 'unavailable'])
    await call('POST', `/groups/${group.id}`, {
      limits: { budgets: [{ usd: 1, period: 'day' }] },
    })
    const other = await createHarness({ catalog, vars: { LEDGER: broken, KEYS: env.KEYS } })
    expect((await other.request('/v1/messages', { key, json })).status).toBe(503)
  })
})

describe('the groups of the Admin API', () => {
  test('the groups of the Admin API are created, listed, changed, audited, and deleted once they have no keys', async () => {
    const { call, group } = await open({ models: ['m'], metadata: { team: 'search' } })
    expect(group).toMatchObject({ type: 'group', status: 'active', models: ['m'] })
    const { id } = await makeKey({ group_id: group.id })
    const list = await call<{ data: Group[] }>('GET', '/groups?limit=100')
    expect(list.body.data.map((one) => one.id)).toContain(group.id)
    const renamed = await call<Group>('POST', `/groups/${group.id}`, { name: `${group.name} b` })
    expect(renamed.body).toMatchObject({ name: `${group.name} b`, models: ['m'] })
    const refused = await call('POST', `/groups/${group.id}/delete`)
    expect(refused).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining(`has 1 keys (${id})`) } },
    })
    await call('POST', `/api_keys/${id}`, { group_id: null })
    expect((await call<Group>('DELETE', `/groups/${group.id}`)).body.status).toBe('deleted')
    const left = await call<{ data: Group[] }>('GET', '/groups?limit=100')
    expect(left.body.data.map((one) => one.id)).not.toContain(group.id)
    const { body } = await call<{ data: { action: string }[] }>('GET', `/groups/${group.id}/audit`)
    expect(body.data.map(({ action }) => action)).toEqual(['create', 'update', 'delete'])
  })

  test('the groups of the Admin API refuse a name that is taken, unknown fields, invalid limits and unknown groups', async () => {
    const { call, group } = await open()
    const refused = [
      await call('POST', '/groups', { name: group.name }),
      await call('POST', '/groups', {}),
      await call('POST', '/groups', { name: 'x', scopes: ['admin'] }),
      await call('POST', '/groups', { name: 'x', limits: { rpm: 0 } }),
      await call('POST', `/groups/${group.id}`, { limits: { budgets: [{ usd: 1 }] } }),
      await call('POST', '/api_keys', { name: 'x', group_id: 'nobody' }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400])
    expect((await call('GET', '/groups/nobody')).status).toBe(404)
    expect((await call('POST', '/groups/nobody', { name: 'x' })).status).toBe(404)
  })

  test('the groups of the Admin API are shown with the key, in the list, and to its holder with what is left', async () => {
    const { call, group } = await open({ limits: { budgets: [{ usd: 7, period: 'week' }] } })
    const { id, key } = await makeKey({ group_id: group.id, models: ['m'] })
    const shown = await call('GET', `/api_keys/${id}`)
    const summary = { id: group.id, name: group.name, budgets: [{ period: 'week', left_usd: 7 }] }
    expect(shown.body).toMatchObject({
      group_id: group.id,
      workspace_id: group.id,
      group: summary,
    })
    expect((await call('GET', '/api_keys/me', undefined, key)).body).toMatchObject({
      id,
      group: summary,
      available_models: ['m'],
    })
    const listed = await call<{ data: { id: string }[] }>('GET', `/api_keys?group_id=${group.id}`)
    expect(listed.body.data.map((one) => one.id)).toEqual([id])
  })

  test('the groups of the Admin API are a dimension of reports, which counts usage for the group that the key was in', async () => {
    const { call, ask, group, settled } = await open()
    const { id, key } = await makeKey({ group_id: group.id })
    expect((await ask(key)).status).toBe(200)
    await settled()
    await call('POST', `/groups/${group.id}/adjust`, { usd: -0.00001, why: 'outage' })
    await call('POST', `/api_keys/${id}/adjust`, { usd: 0.5, why: 'manual run', model: 'opus' })
    const since = new Date(Date.now() - 3_600_000).toISOString()
    const query = `starting_at=${since}&group_by[]=workspace_id&workspace_ids[]=${group.id}`
    const { body } = await call<{ data: { results: object[] }[] }>(
      'GET',
      `/usage_report/messages?${query}`,
    )
    expect(body.data.flatMap(({ results }) => results)).toMatchObject([
      { workspace_id: group.id, output_tokens: 5, gateway: { requests: 1, cost_usd: '0.50005' } },
    ])
  })
})

describe('an adjustment', () => {
  test('an adjustment changes what is spent of budgets, is listed and audited, and cannot raise a budget', async () => {
    const { call, ask, settled } = await open()
    const limits = {
      budgets: [{ usd: 2, period: 'day' as const }],
      models: { 'op*': { budgets: [{ usd: 1, period: 'day' as const }] } },
    }
    const { id, key } = await makeKey({ limits })
    await call('POST', `/api_keys/${id}/adjust`, { usd: 1, why: 'used elsewhere', model: 'opus' })
    expect((await ask(key, { model: 'opus' })).status).toBe(429)
    expect((await ask(key)).status).toBe(200)
    await settled()
    await call('POST', `/api_keys/${id}/adjust`, { usd: -3.2, why: 'outage', model: 'opus' })
    const { body } = await call<Group & { adjustments: object[] }>('GET', `/api_keys/${id}`)
    expect(body.budgets).toMatchObject([
      { left_usd: 2, spent_usd: 0 },
      { left_usd: 1, spent_usd: 0 },
    ])
    expect(body.adjustments).toMatchObject([
      { usd: 1, why: 'used elsewhere', model: 'opus' },
      { usd: -3.2, why: 'outage', actor: expect.stringMatching(/^key:/) },
    ])
    const audit = await call<{ data: object[] }>('GET', `/api_keys/${id}/audit`)
    expect(audit.body.data).toMatchObject([
      { action: 'adjust', changes: { usd: 1 } },
      { action: 'adjust', changes: { usd: -3.2, why: 'outage' } },
    ])
  })

  test.each([
    {},
    { usd: 1 },
    { usd: 0, why: 'x' },
    { usd: 1, why: '' },
    { usd: '1', why: 'x' },
    { usd: 1, why: 'x', date: '2999-01-01T00:00:00Z' },
    { usd: 1e9, why: 'x' },
  ])('an adjustment %j is refused', async (input) => {
    const { call } = await open()
    const { id } = await makeKey({})
    expect((await call('POST', `/api_keys/${id}/adjust`, input)).status).toBe(400)
    expect((await call('POST', '/api_keys/nobody/adjust', input)).status).toBe(404)
  })
})

test('one request in flight can be released, and the others continue', async () => {
  const { call, ask } = await open(
    {},
    { upstream: () => chatStream(delta({ content: 'a' }), delta({}, 'stop')) },
  )
  const { id, key } = await makeKey({ limits: { concurrency: 3 } })
  const streams = [await ask(key, { stream: true }), await ask(key, { stream: true })]
  const ledger = env.LEDGER.getByName(id)
  const [first, second] = (await ledger.standing({})).open
  const released = await call('POST', `/api_keys/${id}/release?request_id=${first?.id}`)
  expect(released.body).toEqual({ released: [first?.id] })
  expect((await ledger.standing({})).open.map((request) => request.id)).toEqual([second?.id])
  await Promise.all(streams.map((stream) => stream.text()))
})
