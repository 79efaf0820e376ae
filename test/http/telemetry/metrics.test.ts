import { env } from 'cloudflare:test'
import { expect, test } from 'vitest'

import type { KeyInput } from '../../../src/keys/fields.ts'
import { toNewFields } from '../../../src/keys/fields.ts'
import { createKey } from '../../../src/keys/store.ts'
import { createHarness } from '../../support/app.ts'

const catalog = {
  version: 1,
  providers: { chat: { dialect: 'openai-chat', base_url: 'http://chat.test/v1', secret: null } },
  models: [
    {
      id: 'scraped',
      targets: [{ provider: 'chat', model: 'up' }],
      price: { input: 1, output: 10 },
    },
  ],
}

const answer = (): Response =>
  Response.json({
    id: 'c',
    choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 5 },
  })

async function make(input: Omit<KeyInput, 'name'>): Promise<{ id: string; key: string }> {
  const { key, record } = await createKey(env.KEYS, toNewFields('scrape', input), {
    now: new Date(),
  })
  return { id: record.id, key }
}

const json = { model: 'scraped', max_tokens: 9, messages: [{ role: 'user', content: 'x' }] }

test('a key with the scope metrics reads what all keys used, and nothing else', async () => {
  const vars = { LEDGER: env.LEDGER, KEYS: env.KEYS }
  const gateway = await createHarness({ catalog, vars, upstream: answer })
  const budgets = [{ usd: 1, period: 'day' as const }]
  const [user, scraper] = await Promise.all([
    make({ limits: { budgets } }),
    make({ scopes: ['metrics'] }),
  ])
  await gateway.request('/v1/messages', { key: user.key, json })
  await gateway.settled()
  const scrape = (path: string, key: string): Promise<Response> =>
    gateway.request(path, { key: '', headers: { authorization: `Bearer ${key}` } })
  const response = await scrape('/metrics', scraper.key)
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect((await response.text()).split('\n')).toEqual(
    expect.arrayContaining([
      'gateway_requests_total{model="scraped",provider="chat"} 1',
      'gateway_tokens_total{model="scraped",provider="chat",type="output"} 5',
    ]),
  )
  const byKey = await (await scrape('/metrics?by=key', scraper.key)).text()
  expect(byKey).toContain(
    `gateway_requests_total{model="scraped",provider="chat",key="${user.id}"} 1`,
  )
  expect(byKey).toContain(
    `gateway_budget_used_ratio{key="${user.id}",period="day",models=""} 0.00006`,
  )
  const refused = await Promise.all([
    scrape('/metrics', user.key),
    gateway.request('/v1/messages', { key: scraper.key, json }),
    gateway.request('/v1/organizations/api_keys', { key: scraper.key }),
    scrape('/metrics?by=model', scraper.key),
  ])
  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 400])
})
