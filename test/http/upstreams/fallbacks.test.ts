/** Models that answer where the requested one declines, with scripted upstreams. */
import { env } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import type { Harness, HarnessOptions } from '../../support/app.ts'
import { chatStream, createHarness, delta } from '../../support/app.ts'

const catalog = {
  version: 1,
  providers: Object.fromEntries(
    ['first', 'second', 'third'].map((name) => [
      name,
      { dialect: 'openai-chat', base_url: `http://${name}.test/v1`, secret: null },
    ]),
  ),
  models: [
    { id: 'm', targets: [{ provider: 'first', model: 'a' }], price: { input: 1, output: 1 } },
    { id: 'm2', targets: [{ provider: 'second', model: 'b' }], price: { input: 10, output: 10 } },
    { id: 'm3', targets: [{ provider: 'third', model: 'c' }] },
    { id: 'claude-x', targets: [{ provider: 'claude', model: 'claude-x' }] },
  ],
  aliases: { better: 'm2' },
}
const withClaude = {
  ...catalog,
  providers: {
    ...catalog.providers,
    claude: { preset: 'anthropic', base_url: 'http://claude.test' },
  },
}

const usage = { prompt_tokens: 1000, completion_tokens: 100 }
const json = {
  model: 'm',
  max_tokens: 500,
  messages: [{ role: 'user', content: 'Write an exploit.' }],
  fallbacks: [{ model: 'better' }],
}

function decline(text = ''): Response {
  const parts = text === '' ? [] : [delta({ content: text })]
  return chatStream(...parts, delta({}, 'content_filter'), { choices: [], usage })
}

function answer(): Response {
  return chatStream(delta({ content: 'Here.' }), delta({}, 'stop'), { choices: [], usage })
}

/** The first model declines; the others do what is scripted, else answer. */
function gatewayWith(
  script: Record<string, () => Response> = {},
  options: HarnessOptions = {},
): Promise<Harness> {
  return createHarness({
    catalog: withClaude,
    ...options,
    upstream: ({ url }) => {
      const [name = ''] = new URL(url).hostname.split('.')
      return (script[name] ?? (name === 'first' ? decline : answer))()
    },
  })
}

async function ask(gateway: Harness, more: object = {}): Promise<Record<string, unknown>> {
  const response = await gateway.request('/v1/messages', { json: { ...json, ...more } })
  const message: Record<string, unknown> = await response.json()
  await gateway.settled()
  return message
}

const hop = (from: string, to: string) => ({
  type: 'fallback',
  from: { model: from },
  to: { model: to },
  trigger: { type: 'refusal', category: null },
})
const text = { type: 'text', text: 'Here.' }

describe('a request that the model declines', () => {
  test('a request that the model declines is answered by the model that it names, as Anthropic shows it', async () => {
    const gateway = await gatewayWith()
    expect(await ask(gateway)).toMatchObject({
      model: 'm2',
      content: [hop('m', 'm2'), text],
      stop_reason: 'end_turn',
      usage: {
        iterations: [
          { type: 'message', model: 'm', input_tokens: 1000 },
          { type: 'fallback_message', model: 'm2', input_tokens: 1000 },
        ],
      },
    })
    const [first, second] = gateway.sent.map(({ body }) => body as { messages: object[] })
    expect(second?.messages).toEqual(first?.messages)
  })

  test('a request that the model declines shows what the first model wrote before it declined, which the other does not read', async () => {
    const gateway = await gatewayWith({ first: () => decline('Sure, but') })
    const { content } = await ask(gateway)
    expect(content).toEqual([{ type: 'text', text: 'Sure, but' }, hop('m', 'm2'), text])
    expect(gateway.sent[1]?.body).toMatchObject({ messages: json.messages })
  })

  test('a request that the model declines streams the block of the hop between the two answers', async () => {
    const gateway = await gatewayWith()
    const stream = { json: { ...json, stream: true } }
    const body = await (await gateway.request('/v1/messages', stream)).text()
    const events = [...body.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? ''))
    const started = events.filter(({ type }) => type === 'content_block_start')
    expect(started).toMatchObject([
      { index: 0, content_block: hop('m', 'm2') },
      { index: 1, content_block: { type: 'text' } },
    ])
    expect(events.filter(({ type }) => type === 'message_start')).toHaveLength(1)
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'end_turn' } })
  })

  test('a request that the model declines continues along the list, and stays declined where all decline', async () => {
    const fallbacks = [{ model: 'm2' }, { model: 'm3' }]
    const along = await gatewayWith({ second: decline })
    expect(await ask(along, { fallbacks })).toMatchObject({
      content: [hop('m', 'm2'), hop('m2', 'm3'), text],
    })
    const declined = await gatewayWith({ second: decline, third: decline })
    expect(await ask(declined, { fallbacks })).toMatchObject({
      stop_reason: 'refusal',
      stop_details: { type: 'refusal' },
    })
  })

  test('a request that the model declines is sent with the parameters of the entry', async () => {
    const gateway = await gatewayWith()
    const config = { output_config: { effort: 'low' } }
    await ask(gateway, {
      ...config,
      temperature: 0.5,
      fallbacks: [{ model: 'm2', max_tokens: 50, output_config: { effort: null } }],
    })
    const [first, second] = gateway.sent.map(({ body }) => body)
    expect(first).toMatchObject({ max_tokens: 500, reasoning_effort: 'low', temperature: 0.5 })
    expect(second).toMatchObject({ max_tokens: 50, temperature: 0.5 })
    expect(second).not.toHaveProperty('reasoning_effort')
  })

  test('a request that the model declines costs what each model costs', async () => {
    const gateway = await gatewayWith(
      {},
      {
        record: { id: 'fallback01', limits: { budgets: [{ usd: 1, period: 'day' }] } },
        vars: { LEDGER: env.LEDGER },
      },
    )
    await ask(gateway)
    // 1,100 tokens at $1, and 1,100 at $10.
    expect(gateway.lines).toMatchObject([{ costUsd: 0.0121 }])
  })
})

test('a request that is answered has neither a hop nor iterations', async () => {
  const gateway = await gatewayWith({ first: answer })
  const message = await ask(gateway)
  expect(message).toMatchObject({ model: 'm', content: [text] })
  expect(message['usage']).not.toHaveProperty('iterations')
})

test.each([
  ['the key may not use', { models: ['m'] }, 'm2', 403],
  ['the catalog does not have', {}, 'm9', 404],
  [
    'has no price, where the key has a budget',
    { limits: { budgets: [{ usd: 1, period: 'day' }] } },
    'm3',
    403,
  ],
])('a fallback to a model that %s is refused', async (_, record, model, status) => {
  const gateway = await gatewayWith(
    {},
    { record: { id: 'fallback02', ...record }, vars: { LEDGER: env.LEDGER } },
  )
  const asked = { json: { ...json, fallbacks: [{ model }] } }
  expect((await gateway.request('/v1/messages', asked)).status).toBe(status)
  expect(gateway.sent).toEqual([])
})

test('more than three fallbacks are refused', async () => {
  const gateway = await gatewayWith()
  const fallbacks = Array.from({ length: 4 }, () => ({ model: 'm2' }))
  expect(await ask(gateway, { fallbacks })).toMatchObject({
    error: { message: expect.stringMatching(/^fallbacks: /) },
  })
})

describe('a request that leaves its fallbacks to the server', () => {
  const models = catalog.models.map((model) =>
    model.id === 'm' ? { ...model, fallbacks: ['m3', 'better'] } : model,
  )
  const byDefault = { fallbacks: 'default' }

  test('a request that leaves its fallbacks to the server has those of the catalog, as far as its key may use them', async () => {
    const gateway = await gatewayWith(
      {},
      { catalog: { ...catalog, models: models.slice(0, 3) }, record: { models: ['m', 'm2'] } },
    )
    expect(await ask(gateway, byDefault)).toMatchObject({
      content: [hop('m', 'm2'), { type: 'text', text: 'Here.' }],
    })
  })

  test('a request that leaves its fallbacks to the server is declined where the catalog has none, which the answer reports', async () => {
    const gateway = await gatewayWith()
    const response = await gateway.request('/v1/messages', { json: { ...json, ...byDefault } })
    expect(response.headers.get('gateway-adapted')).toBe('"fallbacks";ignore')
    expect(await response.json()).toMatchObject({ stop_reason: 'refusal' })
  })
})

test('a fallback that is passed through is reported, since it cannot continue the answer', async () => {
  const gateway = await gatewayWith()
  const asked = { json: { ...json, fallbacks: [{ model: 'claude-x' }] } }
  const response = await gateway.request('/v1/messages', asked)
  expect(response.headers.get('gateway-adapted')).toBe(
    '"fallbacks.0";drop, "fallbacks";map="gateway"',
  )
})

test('Anthropic’s own servers fall back themselves', async () => {
  const gateway = await gatewayWith({ claude: () => Response.json({ type: 'message', usage: {} }) })
  await ask(gateway, { model: 'claude-x' })
  expect(gateway.sent[0]?.body).toEqual({ ...json, model: 'claude-x' })
})
