/** What Claude Code shows as usage. */
import { env } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import { createHarness } from '../support/app.ts'

const catalog = {
  version: 1,
  providers: { chat: { dialect: 'openai-chat', base_url: 'http://chat.test/v1', secret: null } },
  models: [
    { id: 'm', targets: [{ provider: 'chat', model: 'up' }], price: { input: 1e4, output: 1e5 } },
  ],
}

/** Costs 60 cents. */
function answer(): Response {
  return Response.json({
    choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 5 },
  })
}

let ids = 0

async function spend(limits: object) {
  const id = `usage${String((ids += 1)).padStart(5, 'a')}`
  const vars = { LEDGER: env.LEDGER }
  const gateway = await createHarness({ upstream: answer, catalog, record: { id, limits }, vars })
  const json = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'x' }] }
  expect((await gateway.request('/v1/messages', { json })).status).toBe(200)
  await gateway.settled()
  return gateway
}

async function usageOf({ request }: Awaited<ReturnType<typeof spend>>): Promise<unknown> {
  const response = await request('/api/oauth/usage')
  expect(response.headers.get('cache-control')).toBe('no-store')
  return response.json()
}

describe('/api/oauth/usage', () => {
  test('/api/oauth/usage has each budget in cents, and names the one that ends first', async () => {
    const budgets = [
      { usd: 0.75, period: 'day' },
      { usd: 100, period: 'total' },
    ]
    const models = { m: { budgets: [{ usd: 1, period: 'week' }] } }
    expect(await usageOf(await spend({ budgets, models }))).toEqual({
      extra_usage: {
        is_enabled: true,
        monthly_limit: 75,
        used_credits: 60,
        utilization: 80,
        currency: 'USD',
      },
      limits: [
        {
          kind: 'spend',
          group: 'daily',
          percent: 80,
          resets_at: expect.stringMatching(/T00:00:00\.000Z$/),
          severity: 'warning',
          is_active: true,
        },
        {
          kind: 'spend',
          group: 'total',
          percent: 1,
          resets_at: null,
          severity: 'normal',
          is_active: false,
        },
        {
          kind: 'spend',
          group: 'weekly',
          percent: 60,
          resets_at: expect.stringMatching(/T00:00:00\.000Z$/),
          severity: 'normal',
          is_active: false,
          scope: { model: { display_name: 'm' } },
        },
      ],
    })
  })

  test('/api/oauth/usage is at 100 percent once a budget is reached', async () => {
    const gateway = await spend({ budgets: [{ usd: 0.5, period: 'month' }] })
    expect(await usageOf(gateway)).toMatchObject({
      extra_usage: { monthly_limit: 50, used_credits: 60, utilization: 100 },
      limits: [{ group: 'monthly', percent: 100, severity: 'critical', is_active: true }],
    })
  })

  test('/api/oauth/usage has the spend if there is no budget', async () => {
    const spent = { limit: null, used_credits: 60, utilization: null }
    expect(await usageOf(await spend({}))).toEqual({
      extra_usage: {
        is_enabled: true,
        monthly_limit: null,
        used_credits: 60,
        utilization: null,
        currency: 'USD',
        daily: spent,
        weekly: spent,
      },
      limits: [],
    })
  })

  test('/api/oauth/usage needs a key, and no ledger', async () => {
    const { request } = await createHarness({ catalog })
    expect((await request('/api/oauth/usage', { key: '' })).status).toBe(401)
    expect(await (await request('/api/oauth/usage')).json()).toMatchObject({ limits: [] })
  })
})
