import { env, evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import type { Harness, HarnessOptions } from '../../support/app.ts'
import { chatStream, createHarness, delta } from '../../support/app.ts'

const usage = { prompt_tokens: 10, completion_tokens: 5 }

function answer(): Response {
  return Response.json({
    id: 'c',
    choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
    usage,
  })
}

const priced = {
  version: 1,
  providers: { chat: { dialect: 'openai-chat', base_url: 'http://chat.test/v1', secret: null } },
  models: [
    {
      id: 'm',
      targets: [{ provider: 'chat', model: 'up' }],
      // 10 prompt tokens and 5 written: 10 x 1 + 5 x 10 = 60 micro-dollars.
      price: { input: 1, output: 10 },
    },
    { id: 'opus', targets: [{ provider: 'chat', model: 'up' }], price: { input: 1, output: 10 } },
  ],
}

let ids = 0

/** A gateway with the real ledger, and one key of its own. */
async function limited(limits: object, options: HarnessOptions = {}) {
  const id = `limits${String((ids += 1)).padStart(4, 'a')}`
  const harness = await createHarness({
    upstream: answer,
    catalog: priced,
    record: { id, limits, last_four: 'wxyz' },
    vars: { LEDGER: env.LEDGER },
    ...options,
  })
  return { ...harness, id, ledger: env.LEDGER.getByName(id) }
}

function ask({ request }: Pick<Harness, 'request'>, more: object = {}): Promise<Response> {
  return request('/v1/messages', {
    json: { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'x' }], ...more },
  })
}

const everything = { from: 0, to: 1e9, hoursPerRow: 24 }

describe('a key’s limit', () => {
  test('a key’s limit of 50 requests admits exactly 50 of 200 parallel ones', async () => {
    const gateway = await limited({ rpm: 50 })
    const responses = await Promise.all(Array.from({ length: 200 }, () => ask(gateway)))
    const statuses = responses.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(50)
    expect(statuses.filter((status) => status === 429)).toHaveLength(150)
    expect(gateway.sent).toHaveLength(50)
  })

  test('a key’s limit is in the headers of a success, and a rejection has all that a client needs to wait', async () => {
    const gateway = await limited({ rpm: 1, itpm: 1000, otpm: 500 })
    const first = await ask(gateway)
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'anthropic-ratelimit-requests-limit': '1',
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': expect.stringMatching(/^\d{4}-.*T\d\d:\d\d:\d\dZ$/),
      'anthropic-ratelimit-input-tokens-limit': '1000',
      'anthropic-ratelimit-output-tokens-limit': '500',
      'anthropic-ratelimit-output-tokens-remaining': '400',
      'anthropic-ratelimit-tokens-limit': '500',
    })
    await gateway.settled()
    const second = await ask(gateway)
    expect(second.status).toBe(429)
    expect(await second.json()).toMatchObject({
      error: {
        type: 'rate_limit_error',
        message: expect.stringMatching(
          /^This request would exceed the limit of your API key: 1 requests per minute\. Please retry in \d+ s\.$/,
        ),
      },
    })
    const wait = Number(second.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(50)
    expect(wait).toBeLessThanOrEqual(61)
    expect(second.headers.get('anthropic-ratelimit-requests-remaining')).toBe('0')
    expect(second.headers.get('x-should-retry')).toBeNull()
  })

  test('a key’s limit holds after the ledger has restarted', async () => {
    const gateway = await limited({ rpm: 1 })
    expect((await ask(gateway)).status).toBe(200)
    await gateway.settled()
    await evictDurableObject(gateway.ledger)
    expect((await ask(gateway)).status).toBe(429)
  })

  test('a key’s limit on a model does not limit other models', async () => {
    const gateway = await limited({ models: { 'op*': { rpm: 1 } } })
    const statuses: number[] = []
    for (const model of ['opus', 'opus', 'm']) {
      statuses.push((await ask(gateway, { model })).status)
    }
    expect(statuses).toEqual([200, 429, 200])
  })

  test('a key’s limit on requests does not include token counts, and vice versa', async () => {
    const gateway = await limited({ rpm: 1 })
    const count = () =>
      gateway.request('/v1/messages/count_tokens', {
        json: { model: 'm', messages: [{ role: 'user', content: 'x' }] },
      })
    const responses = [await count(), await ask(gateway), await count()]
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 429])
  })

  test('a key’s limit on concurrent requests is released when one has ended, streams included', async () => {
    const gateway = await limited(
      { concurrency: 1 },
      { upstream: () => chatStream(delta({ content: 'a' }, 'stop')) },
    )
    const stream = await ask(gateway, { stream: true })
    expect((await ask(gateway, { stream: true })).status).toBe(429)
    await stream.text()
    await gateway.settled()
    expect((await ask(gateway, { stream: true })).status).toBe(200)
  })

  test('a key’s limit counts requests that the upstream rejected, and charges nothing for them', async () => {
    const gateway = await limited(
      { rpm: 2, budgets: [{ usd: 1, period: 'day' }] },
      { upstream: () => Response.json({ error: { message: 'no' } }, { status: 400 }) },
    )
    for (const _ of [1, 2]) {
      expect((await ask(gateway)).status).toBe(400)
      await gateway.settled()
    }
    expect(await gateway.ledger.usage(everything)).toMatchObject([
      { requests: 2, cost: 0, errors: 2, errorTypes: { invalid_request_error: 2 } },
    ])
    expect((await ask(gateway)).status).toBe(429)
  })

  test('a key’s limit does not count requests that the gateway rejected', async () => {
    const gateway = await limited({ rpm: 1 })
    const messages = [{ role: 'nobody', content: 'x' }]
    for (const _ of [1, 2, 3]) {
      expect((await ask(gateway, { messages })).status).toBe(400)
      await gateway.settled()
    }
    expect((await ask(gateway)).status).toBe(200)
  })
})

describe('a key’s budget', () => {
  test('a key’s budget is in a header that scripts of web pages may read', async () => {
    const gateway = await limited({ budgets: [{ usd: 1, period: 'day' }] })
    const json = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'x' }] }
    const headers = { origin: 'https://x.test' }
    const response = await gateway.request('/v1/messages', { json, headers })
    expect(response.headers.get('access-control-expose-headers')).toContain('gateway-budget')
  })

  test('a key’s budget is in the headers of every response, from the first one on', async () => {
    const gateway = await limited({ budgets: [{ usd: 20, period: 'day' }] })
    const { headers } = await ask(gateway)
    expect(headers.get('gateway-budget')).toMatch(
      /^day;limit=20\.000;spent=0\.000;left=\d+\.\d{3};reset=\d+$/,
    )
  })

  test('a key’s budget rejects a model that has no price', async () => {
    const { price: _, ...unpriced } = priced.models[0] ?? {}
    const catalog = { ...priced, models: [unpriced] }
    const budget = await limited({ budgets: [{ usd: 20, period: 'day' }] }, { catalog })
    const response = await ask(budget)
    expect([response.status, (await response.text()).includes('has no price')]).toEqual([403, true])
    expect((await ask(await limited({ rpm: 5 }, { catalog }))).status).toBe(200)
  })

  test('a key’s budget is exceeded by at most one reservation under 500 parallel requests', async () => {
    // Each uses all that it reserved: 100 tokens written, a thousandth of a dollar and a little.
    const whole = () =>
      Response.json({
        id: 'c',
        choices: [
          { index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' },
        ],
        usage: { prompt_tokens: 1, completion_tokens: 100 },
      })
    const [budget, reserved] = [20_000_000, 1_050_000]
    const gateway = await limited(
      { budgets: [{ usd: budget / 1e9, period: 'day' }] },
      { upstream: whole },
    )
    const responses = await Promise.all(Array.from({ length: 500 }, () => ask(gateway)))
    const passed = responses.filter(({ status }) => status === 200).length
    const refused = responses.filter(({ status }) => status === 429).length
    await gateway.settled()
    const [row] = await gateway.ledger.usage(everything)
    expect(passed + refused).toBe(500)
    expect(row).toMatchObject({ requests: passed, cost: passed * 1_001_000 })
    expect(row?.cost).toBeLessThanOrEqual(budget + reserved)
    expect(row?.cost).toBeGreaterThan(budget - reserved)
  })

  test('a key’s budget that is reached rejects with a message, the time of its reset, and x-should-retry: false', async () => {
    const gateway = await limited({ budgets: [{ usd: 0.00006, period: 'month' }] })
    expect((await ask(gateway)).status).toBe(200)
    await gateway.settled()
    const response = await ask(gateway)
    const { error } = await response.json<{ error: { type: string; message: string } }>()
    expect([response.status, error.type]).toEqual([429, 'billing_error'])
    expect(error.message).toMatch(
      /^Your API key has reached its budget of \$0\.000060 a month\. It resets at \d{4}-\d\d-01 00:00 UTC\.$/,
    )
    expect(response.headers.get('x-should-retry')).toBe('false')
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    const notice = [...response.headers].filter(([name]) => name.includes('-unified-'))
    const prefix = 'anthropic-ratelimit-unified-'
    expect(Object.fromEntries(notice)).toEqual({
      [`${prefix}status`]: 'rejected',
      [`${prefix}reset`]: expect.stringMatching(/^\d{10}$/),
      [`${prefix}overage-reset`]: response.headers.get(`${prefix}reset`),
      [`${prefix}overage-utilization`]: '1',
      [`${prefix}overage-surpassed-threshold`]: '1',
      [`${prefix}overage-period`]: 'monthly',
      [`${prefix}overage-disabled-reason`]: 'org_spend_cap_reached',
    })
  })

  test.each([
    [0.5, 'allowed', '0.5', null],
    [0.8, 'allowed_warning', '0.8', '0.75'],
    [0.96, 'allowed_warning', '0.96', '0.95'],
    [0.999, 'allowed_warning', '0.99', '0.95'],
  ])(
    'a key’s budget with utilization %d sends Claude Code %s',
    async (share, status, utilization, threshold) => {
      const gateway = await limited({ budgets: [{ usd: 0.00006 / share, period: 'week' }] })
      await ask(gateway)
      await gateway.settled()
      const { headers } = await ask(gateway)
      const notice = (name: string) => headers.get(`anthropic-ratelimit-unified-${name}`)
      expect([notice('status'), notice('overage-status')]).toEqual([status, status])
      expect(notice('representative-claim')).toBe('overage')
      expect(notice('overage-utilization')).toBe(utilization)
      expect(notice('overage-surpassed-threshold')).toBe(threshold)
      expect(notice('overage-reset')).toBe(notice('reset'))
    },
  )
})

describe('a key’s usage', () => {
  test('a key’s usage is recorded for keys without limits too, with session and agent', async () => {
    const gateway = await limited({})
    await gateway.request('/v1/messages', {
      json: { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'x' }], top_k: 3 },
      headers: { 'x-claude-code-session-id': 's1', 'x-claude-code-agent-id': 'a1' },
    })
    await gateway.settled()
    expect(await gateway.ledger.usage(everything)).toMatchObject([
      {
        model: 'm',
        provider: 'chat',
        requests: 1,
        input: 10,
        output: 5,
        cost: 60_000,
        errors: 0,
        adaptations: 1,
        estimated: 0,
      },
    ])
    expect(await gateway.ledger.sessions(10)).toMatchObject([
      { session: 's1', agent: 'a1', requests: 1, input: 10, output: 5, cost: 60_000 },
    ])
    expect(Object.keys((await gateway.ledger.standing({})).lastUsed)).toEqual(['wxyz'])
  })

  test('a key’s usage of a truncated stream is the prompt and the delivered text, marked as estimated', async () => {
    const broken = () =>
      new Response(`data: ${JSON.stringify(delta({ content: 'twelve chars' }))}\n\n`, {
        headers: { 'content-type': 'text/event-stream' },
      })
    const gateway = await limited({ rpm: 9 }, { upstream: broken })
    await (await ask(gateway, { stream: true })).text()
    await gateway.settled()
    const [row] = await gateway.ledger.usage(everything)
    expect(row).toMatchObject({ requests: 1, output: 3, estimated: 1, errors: 1 })
    expect(row?.input).toBeGreaterThan(0)
    expect(row?.cost).toBe((row?.input ?? 0) * 1000 + 3 * 10_000)
  })

  test('a key’s usage of a stream whose client disconnected is recorded as estimated', async () => {
    const { readable, writable } = new IdentityTransformStream()
    const writer = writable.getWriter()
    const gateway = await limited(
      { rpm: 9 },
      {
        upstream: () =>
          new Response(readable, { headers: { 'content-type': 'text/event-stream' } }),
      },
    )
    const controller = new AbortController()
    const asked = gateway.request('/v1/messages', {
      json: { model: 'm', max_tokens: 9, stream: true, messages: [{ role: 'user', content: 'x' }] },
      signal: controller.signal,
    })
    const event = `data: ${JSON.stringify(delta({ content: '12345678' }))}\n\n`
    const written = writer.write(new TextEncoder().encode(event))
    const reader = (await asked).body?.getReader()
    await Promise.all([written, reader?.read()])
    controller.abort()
    await gateway.settled()
    expect(await gateway.ledger.usage(everything)).toMatchObject([
      { requests: 1, output: 2, estimated: 1, errorTypes: { client_left: 1 } },
    ])
  })

  test('a key’s usage is also a data point where Analytics Engine is bound', async () => {
    const points: object[] = []
    const gateway = await limited(
      {},
      {
        vars: {
          LEDGER: env.LEDGER,
          USAGE: { writeDataPoint: (point: object) => points.push(point) },
        },
      },
    )
    await ask(gateway)
    await gateway.settled()
    expect(points).toEqual([
      {
        indexes: [gateway.id],
        blobs: ['m', 'chat', '', '', ''],
        doubles: [10, 5, 0, 0, 0, 0.00006, expect.any(Number), 0, 0],
      },
    ])
  })

  test('a key’s usage is in the key’s database, under its id, for tools that read files', async () => {
    const gateway = await limited({})
    await ask(gateway)
    await gateway.settled()
    const name = await runInDurableObject(gateway.ledger, (_, { storage }) =>
      storage.sql.exec(`SELECT value FROM facts WHERE name = 'key'`).toArray(),
    )
    expect(name).toEqual([{ value: gateway.id }])
  })
})

describe('a request while the ledger is unavailable', () => {
  const broken = {
    getByName: () => ({
      reserve: () => Promise.reject(new Error('gone')),
      settle: () => Promise.resolve(),
    }),
  }

  test.each([
    [{ rpm: 5 }, 200],
    [{ rpm: 5, on_ledger_failure: 'deny' }, 503],
    [{ budgets: [{ usd: 1, period: 'day' }] }, 503],
    [{ budgets: [{ usd: 1, period: 'day' }], on_ledger_failure: 'allow' }, 200],
    [{ strict: true }, 503],
    [{}, 200],
  ])(
    'a request with a key of limits %j has status %i while the ledger is unavailable',
    async (limits, status) => {
      const gateway = await limited(limits, { vars: { LEDGER: broken } })
      const response = await ask(gateway)
      expect(response.status).toBe(status)
      const asks = Object.keys(limits).length > 0
      expect(response.headers.get('gateway-ledger')).toBe(asks ? 'unavailable' : null)
      await gateway.settled()
      expect(
        gateway.lines.filter((line) => 'ledger' in JSON.parse(JSON.stringify(line))),
      ).toHaveLength(asks ? 1 : 0)
    },
  )
})
