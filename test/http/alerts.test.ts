import { env, runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'

import { gatewayLedger } from '../../src/ledger/ledger-name.ts'
import { createHarness } from '../support/app.ts'

const catalog = {
  version: 1,
  providers: { one: { dialect: 'openai-chat', base_url: 'http://one.test/v1', secret: null } },
  models: [{ id: 'm', targets: [{ provider: 'one', model: 'x' }] }],
  alerts: [
    { url_secret: 'HOOK', signing_secret: 'SIGN' },
    { url_secret: 'SLACK', format: 'slack', on: ['budget'] },
    { url_secret: 'NONE' },
  ],
}

const vars = {
  HOOK: 'http://hook.test/in',
  SLACK: 'http://slack.test/in',
  SIGN: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3',
}

const body = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'x' }] }

test('an administrator sends a test to every receiver, and learns which of them accepted it', async () => {
  const gateway = await createHarness({
    catalog,
    vars,
    record: { scopes: ['admin'] },
    upstream: ({ url }) => new Response(null, { status: url.includes('slack') ? 404 : 204 }),
  })
  const response = await gateway.request('/v1/organizations/alerts/test', { json: {} })
  expect(await response.json()).toMatchObject({
    data: [
      { url_secret: 'HOOK', delivered: true, error: null },
      { url_secret: 'SLACK', format: 'slack', delivered: false, error: 'status 404' },
      { url_secret: 'NONE', delivered: false, error: 'the secret NONE is missing' },
    ],
  })
  expect(gateway.sent).toHaveLength(2)
  const signed = gateway.sent.find(({ url }) => url === 'http://hook.test/in')
  expect(signed?.headers.get('webhook-signature')).toMatch(/^v1,/)
})

test('a key without the admin scope sends no test', async () => {
  const gateway = await createHarness({ catalog, vars })
  const response = await gateway.request('/v1/organizations/alerts/test', { json: {} })
  expect([response.status, gateway.sent]).toEqual([403, []])
})

test('a provider that is avoided is an alert in the gateway’s ledger, one for all requests', async () => {
  const gateway = await createHarness({
    catalog,
    vars: { ...vars, LEDGER: env.LEDGER },
    upstream: () => new Response('no', { status: 503 }),
  })
  for (let count = 0; count < 4; count += 1) {
    await gateway.request('/v1/messages', { json: body })
  }
  await gateway.settled()
  const rows = await runInDurableObject(env.LEDGER.getByName(gatewayLedger), (_, { storage }) =>
    storage.sql.exec<{ alert: string; sinks: string }>('SELECT alert, sinks FROM alerts').toArray(),
  )
  expect(rows.map(({ alert }): unknown => JSON.parse(alert))).toMatchObject([
    { kind: 'provider', data: { provider: 'one', target: 'one/x', error: 'overloaded_error' } },
  ])
})

test('without receivers no ledger but the key’s is called', async () => {
  const names: string[] = []
  const settle = (): Promise<void> => Promise.resolve()
  const LEDGER = { getByName: (name: string) => (names.push(name), { settle }) }
  const { alerts: _, ...quiet } = catalog
  const gateway = await createHarness({
    catalog: quiet,
    vars: { LEDGER },
    upstream: () => new Response('no', { status: 503 }),
  })
  for (let count = 0; count < 4; count += 1) {
    await gateway.request('/v1/messages', { json: body })
  }
  await gateway.settled()
  expect(new Set(names)).toEqual(new Set(['aaaaaaaaaa']))
})

test('usage that no ledger books is an alert, with the request whose log line has it', async () => {
  const raised: { kind: string; data: object }[] = []
  const gatewayStub = {
    watch: () => Promise.resolve(),
    raise: async (alerts: typeof raised) => void raised.push(...alerts),
  }
  const broken = { settle: () => Promise.reject(new Error('storage is broken')) }
  const LEDGER = {
    getByName: (name: string) => (name === gatewayLedger ? gatewayStub : broken),
  }
  const gateway = await createHarness({
    catalog,
    vars: { ...vars, LEDGER },
    upstream: () =>
      Response.json({ choices: [{ message: { content: 'hi' }, finish_reason: 'stop' }] }),
  })
  await gateway.request('/v1/messages', { json: body })
  await gateway.settled()
  expect(raised).toMatchObject([
    { kind: 'unbooked', data: { holder: 'key', id: 'aaaaaaaaaa', reason: 'storage is broken' } },
  ])
})
