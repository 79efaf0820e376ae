/** The advisor: a model of the catalog that another one asks, in the place of Anthropic's servers. */
import { env } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import type { Harness, HarnessOptions } from '../../support/app.ts'
import { chatStream, createHarness, delta } from '../../support/app.ts'
import type { ModelTurn } from '../../support/search.ts'
import { toModelStream } from '../../support/search.ts'

const host = (name: string) => ({
  dialect: 'openai-chat',
  base_url: `http://${name}.test/v1`,
  secret: null,
})
const catalog = {
  version: 1,
  providers: {
    up: host('up'),
    wise: host('wise'),
    claude: { preset: 'anthropic', base_url: 'http://claude.test' },
  },
  models: [
    { id: 'm', targets: [{ provider: 'up', model: 'u' }], price: { input: 1, output: 10 } },
    {
      id: 'sage',
      targets: [{ provider: 'wise', model: 's' }],
      price: { input: 100, output: 1000 },
    },
    { id: 'unpriced', targets: [{ provider: 'wise', model: 'f' }] },
    { id: 'claude-x', targets: [{ provider: 'claude', model: 'claude-x' }] },
  ],
}

const advisor = { type: 'advisor_20260301', name: 'advisor', model: 'sage' }
const json = {
  model: 'm',
  max_tokens: 1000,
  system: 'You build bridges.',
  tools: [advisor, { name: 'measure', description: 'Measures', input_schema: { type: 'object' } }],
  messages: [{ role: 'user', content: 'Build a bridge over the Tiber.' }],
}
const asks: ModelTurn = { text: 'Let me ask.', calls: [['advisor', {}]] }
const done: ModelTurn = { text: 'It will be an arch.' }
const advice = 'Use an arch.'

function advise(text: string, finish = 'stop'): Response {
  return chatStream(delta({ content: text }), delta({}, finish), {
    choices: [],
    usage: { prompt_tokens: 300, completion_tokens: 20 },
  })
}

interface Script extends Omit<HarnessOptions, 'upstream'> {
  advisor?: () => Response | Promise<Response>
  claude?: () => Response
}

function gatewayWith(turns: readonly ModelTurn[], script: Script = {}): Promise<Harness> {
  const { advisor: answer = () => advise(advice), claude, ...options } = script
  let turn = 0
  return createHarness({
    catalog,
    ...options,
    upstream: ({ url }) => {
      if (url.startsWith('http://wise.test')) {
        return answer()
      }
      if (url.startsWith('http://claude.test')) {
        return claude?.() ?? Response.json({ id: 'msg_1', type: 'message', content: [], usage: {} })
      }
      turn += 1
      return toModelStream(turns[turn - 1] ?? {})
    },
  })
}

interface Message {
  content: { type: string; content?: unknown; text?: string }[]
  stop_reason: string
  usage: Record<string, unknown>
  error?: { type: string; message: string }
}

async function ask(gateway: Harness, body: object): Promise<Message> {
  const response = await gateway.request('/v1/messages', { json: body })
  const message = await response.json<Message>()
  await gateway.settled()
  return message
}

const bodiesOf = (gateway: Harness, name: string) =>
  gateway.sent.filter(({ url }) => url.includes(`${name}.test`)).map(({ body }) => body as object)

const result = (content: object) => ({
  type: 'advisor_tool_result',
  tool_use_id: expect.stringMatching(/^srvtoolu_gw/),
  content,
})
const failed = (error_code: string) => result({ type: 'advisor_tool_result_error', error_code })

describe('a model that asks its advisor', () => {
  test('a model that asks its advisor continues with the advice, and the answer lists the calls of both models', async () => {
    const gateway = await gatewayWith([asks, done])
    expect(await ask(gateway, json)).toMatchObject({
      content: [
        { type: 'text', text: 'Let me ask.' },
        { type: 'server_tool_use', name: 'advisor', input: {} },
        result({ type: 'advisor_result', text: advice, stop_reason: 'end_turn' }),
        { type: 'text', text: 'It will be an arch.' },
      ],
      stop_reason: 'end_turn',
      usage: {
        input_tokens: 20,
        output_tokens: 10,
        iterations: [
          { type: 'message', input_tokens: 10 },
          { type: 'advisor_message', model: 'sage', input_tokens: 300, output_tokens: 20 },
          { type: 'message', input_tokens: 10 },
        ],
      },
    })
    const [, again] = bodiesOf(gateway, 'up')
    expect(again).toMatchObject({
      messages: expect.arrayContaining([
        expect.objectContaining({ role: 'tool', content: advice }),
      ]),
    })
  })

  test('an advisor gets the whole conversation without tools, so that it cannot ask another one', async () => {
    const gateway = await gatewayWith([asks, done])
    await ask(gateway, json)
    const [question] = bodiesOf(gateway, 'wise')
    expect(question).not.toHaveProperty('tools')
    const text = JSON.stringify(question)
    for (const part of [
      'You build bridges.',
      '- measure: Measures',
      'over the Tiber',
      'Let me ask.',
    ]) {
      expect(text).toContain(part)
    }
    expect(text).not.toContain('tool_call')
  })

  test('a model that asks its advisor is charged for its own calls, and the advisor at its own price in a line of its own', async () => {
    const gateway = await gatewayWith([asks, done], {
      record: { id: 'advised001', limits: { budgets: [{ usd: 1, period: 'day' }] } },
      vars: { LEDGER: env.LEDGER },
    })
    await ask(gateway, json)
    expect(gateway.lines).toMatchObject([
      { purpose: 'advisor', 'gen_ai.request.model': 'sage', costUsd: 0.05 },
      { 'gen_ai.request.model': 'm', costUsd: 0.00012 },
    ])
  })

  test('a model that asks its advisor gets no advice for which the budget of its key does not suffice', async () => {
    const gateway = await gatewayWith([asks, done], {
      record: {
        id: 'advised002',
        limits: { budgets: [{ usd: 0.1, period: 'day', hard: true }] },
      },
      vars: { LEDGER: env.LEDGER },
    })
    const { content } = await ask(gateway, json)
    expect(content[2]).toMatchObject({ content: { type: 'advisor_tool_result_error' } })
    expect(bodiesOf(gateway, 'wise')).toEqual([])
  })

  test('a model that asks its advisor streams a block with the whole advice, like any result of a server tool', async () => {
    const gateway = await gatewayWith([asks, done])
    const response = await gateway.request('/v1/messages', { json: { ...json, stream: true } })
    const text = await response.text()
    await gateway.settled()
    expect(text).toContain(
      `"content_block":{"type":"advisor_tool_result","tool_use_id":"srvtoolu_gw`,
    )
    expect(text).toContain(
      `"content":{"type":"advisor_result","text":"${advice}","stop_reason":"end_turn"}`,
    )
    expect(text).toContain('{"type":"advisor_message"')
  })

  test('a model that asks its advisor asks at most max_uses times', async () => {
    const gateway = await gatewayWith([
      {
        calls: [
          ['advisor', {}],
          ['advisor', {}],
        ],
      },
      done,
    ])
    const { content } = await ask(gateway, { ...json, tools: [{ ...advisor, max_uses: 1 }] })
    expect(content.slice(2, 4)).toMatchObject([
      { content: { type: 'advisor_result' } },
      failed('max_uses_exceeded'),
    ])
  })

  test('a model that asks its advisor has the tokens, and the cache, that the client sets for its advisor', async () => {
    const gateway = await gatewayWith([asks, done], {
      claude: () =>
        Response.json({
          id: 'msg_1',
          type: 'message',
          content: [{ type: 'text', text: advice }],
          stop_reason: 'max_tokens',
          usage: { input_tokens: 3, output_tokens: 4 },
        }),
    })
    const caching = { type: 'ephemeral', ttl: '1h' }
    const tools = [{ ...advisor, model: 'claude-x', max_tokens: 2048, caching }]
    const { content } = await ask(gateway, { ...json, tools })
    expect(content[2]).toMatchObject({ content: { text: advice, stop_reason: 'max_tokens' } })
    const [question] = bodiesOf(gateway, 'claude')
    expect(question).toMatchObject({ max_tokens: 2048, model: 'claude-x' })
    expect(JSON.stringify(question)).toContain('"cache_control":{"type":"ephemeral","ttl":"1h"}')
    const [, again] = bodiesOf(gateway, 'up')
    expect(JSON.stringify(again)).toContain('cut off at its token limit')
  })
})

describe('an advisor that fails is an error in the result, and the model goes on:', () => {
  test.each([
    ['too_many_requests', 429, 'Rate limited'],
    ['overloaded', 529, 'Overloaded'],
    ['model_not_found', 404, 'no such model'],
    [
      'prompt_too_long',
      400,
      "This model's maximum context length is 10 tokens. However, your messages resulted in 20 tokens.",
    ],
    ['unavailable', 401, 'invalid key'],
  ])(
    'an advisor that fails is an error in the result, and the model continues: %s',
    async (code, status, message) => {
      const gateway = await gatewayWith([asks, done], {
        advisor: () => Response.json({ error: { message } }, { status }),
      })
      const response = await gateway.request('/v1/messages', {
        json,
        headers: { 'x-stainless-timeout': '1' },
      })
      const { content } = await response.json<Message>()
      expect(content.slice(2)).toMatchObject([failed(code), { text: 'It will be an arch.' }])
    },
  )
})

describe('a request is refused with a 400 that names', () => {
  test.each([
    ['a model that the catalog does not have', { model: 'nobody' }, {}],
    ['a model that the key may not use', { model: 'sage' }, { models: ['m'] }],
    [
      'a model without a price, where the key has a budget',
      { model: 'unpriced' },
      { limits: { budgets: [{ usd: 1, period: 'day' }] } },
    ],
    ['an advisor without a model', { model: undefined }, {}],
  ])(
    'a request with an invalid advisor is rejected with a 400 that names %s',
    async (_, entry, record) => {
      const gateway = await gatewayWith([], {
        record: { id: 'advised003', ...record },
        vars: { LEDGER: env.LEDGER },
      })
      const { error } = await ask(gateway, { ...json, tools: [{ ...advisor, ...entry }] })
      expect(error).toMatchObject({ type: 'invalid_request_error' })
      expect(error?.message).toMatch(/^tools\.0\.model: /)
      expect(gateway.sent).toEqual([])
    },
  )
})

describe('advice in a conversation', () => {
  const call = { type: 'server_tool_use', id: 'srvtoolu_gw1', name: 'advisor', input: {} }
  const answered = { type: 'advisor_tool_result', tool_use_id: 'srvtoolu_gw1' }
  const after = (content: object, tools: object[] = json.tools) => ({
    ...json,
    tools,
    messages: [
      ...json.messages,
      { role: 'assistant', content: [call, { ...answered, content }] },
      { role: 'user', content: 'Go on.' },
    ],
  })
  const plain = { type: 'advisor_result', text: advice, stop_reason: 'end_turn' }

  test('advice in a conversation is read by a model of any protocol', async () => {
    const gateway = await gatewayWith([done])
    await ask(gateway, after(plain))
    expect(JSON.stringify(bodiesOf(gateway, 'up'))).toContain(advice)
  })

  test('encrypted advice of Anthropic is named as such in a conversation', async () => {
    const gateway = await gatewayWith([done])
    await ask(gateway, after({ type: 'advisor_redacted_result', encrypted_content: 'x' }))
    expect(JSON.stringify(bodiesOf(gateway, 'up'))).toContain('cannot be read here')
  })

  test('advice in a conversation is sent to Anthropic unchanged, or as a note where the request has no advisor', async () => {
    const gateway = await gatewayWith([])
    const same = { ...after(plain), model: 'claude-x' }
    await ask(gateway, same)
    expect(gateway.sent[0]?.body).toEqual(same)
    await ask(gateway, { ...after(plain, json.tools.slice(1)), model: 'claude-x' })
    expect(gateway.sent[1]?.body).toMatchObject({
      messages: [
        json.messages[0],
        { content: [{ text: '(Asked the advisor.)' }, { text: `(Advice: ${advice})` }] },
        {},
      ],
    })
  })
})

test('models get no advisor where the operator switches it off', async () => {
  const gateway = await gatewayWith([done], {
    catalog: { ...catalog, server_tools: { advisor: false } },
  })
  const response = await gateway.request('/v1/messages', { json })
  expect(response.headers.get('gateway-adapted')).toContain('"tools.0";drop')
  expect(JSON.stringify(bodiesOf(gateway, 'up'))).not.toContain('advisor')
})
