/** What is booked of answers that were truncated, over the protocols of upstreams. */
import { env } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import { chatStream, createHarness, delta } from '../../support/app.ts'
import { concatenate, eventFrame, exceptionFrame } from '../../support/streams/event-stream.ts'

const everything = { from: 0, to: 1e9, hoursPerRow: 24 }

/** A dollar a million tokens, so that a token costs 1,000 nano-dollars: ten times that written, a tenth read from a cache. */
const price = {
  input: 1,
  output: 10,
  cache_read: 0.1,
  cache_write: 1.25,
  web_search: 10,
  multipliers: { speed: { fast: 6 }, service_tier: { flex: 0.5 } },
}

function catalog(...targets: { dialect: string; more?: object; price?: object }[]) {
  const named = targets.map((target, index) => ({ ...target, provider: `p${index}` }))
  return {
    version: 1,
    providers: Object.fromEntries(
      named.map(({ provider, dialect, more = {} }) => [
        provider,
        { dialect, base_url: `http://${provider}.test`, secret: null, ...more },
      ]),
    ),
    models: [
      {
        id: 'm',
        price,
        targets: named.map(({ provider, price: own }) => ({
          provider,
          model: 'up',
          ...(own === undefined ? {} : { price: own }),
        })),
      },
    ],
  }
}

let ids = 0

/** Answers one request; the row that is booked of it. */
async function book(
  models: object,
  upstream: (request: Request) => Response,
  more: object = { stream: true },
) {
  const id = `billing${String((ids += 1)).padStart(3, 'a')}`
  const gateway = await createHarness({
    upstream,
    catalog: models,
    record: { id, limits: { rpm: 9 } },
    vars: { LEDGER: env.LEDGER },
  })
  const json = { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'x' }], ...more }
  const response = await gateway.request('/v1/messages', { json })
  const text = await response.text()
  await gateway.settled()
  const rows = await env.LEDGER.getByName(id).usage(everything)
  return { row: rows[0], rows, text, line: gateway.lines[0] }
}

function events(...list: object[]): Response {
  const text = list.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
  return new Response(text, { headers: { 'content-type': 'text/event-stream' } })
}

function frames(...list: Uint8Array[]): Response {
  const type = 'application/vnd.amazon.eventstream'
  return new Response(concatenate(list), { headers: { 'content-type': type } })
}

const chatUsage = {
  prompt_tokens: 700,
  completion_tokens: 4,
  prompt_tokens_details: { cached_tokens: 500 },
}
const geminiChunk = {
  candidates: [{ content: { parts: [{ text: 'four' }] } }],
  usageMetadata: {
    promptTokenCount: 700,
    cachedContentTokenCount: 500,
    candidatesTokenCount: 4,
  },
}
const responsesUsage = {
  input_tokens: 700,
  output_tokens: 4,
  input_tokens_details: { cached_tokens: 500 },
}
const claudeStart = {
  type: 'message_start',
  message: {
    id: 'msg_up',
    type: 'message',
    role: 'assistant',
    model: 'up',
    content: [],
    usage: { input_tokens: 200, cache_read_input_tokens: 500, output_tokens: 4 },
  },
}
const claudeBlock = {
  type: 'content_block_start',
  index: 0,
  content_block: { type: 'text', text: '' },
}

describe('a stream that breaks off is booked with what its upstream had counted', () => {
  test.each<[string, () => Response]>([
    [
      'openai-chat',
      () =>
        chatStream(
          { ...delta({ content: 'four' }), usage: chatUsage },
          { error: { message: 'x' } },
        ),
    ],
    ['gemini', () => events(geminiChunk)],
    [
      'openai-responses',
      () =>
        events({
          type: 'response.failed',
          response: { status: 'failed', error: { code: 'server_error' }, usage: responsesUsage },
        }),
    ],
  ])(
    'a truncated stream over %s is booked with what its upstream had counted',
    async (dialect, upstream) => {
      const { row } = await book(catalog({ dialect }), upstream)
      expect(row).toMatchObject({ requests: 1, estimated: 1, errors: 1 })
      expect(row).toMatchObject({ input: 200, cacheRead: 500, output: 4 })
      expect(row?.cost).toBe(200_000 + 50_000 + 40_000)
    },
  )

  test('truncated streams over anthropic are booked for each attempt without content', async () => {
    const { row, line } = await book(catalog({ dialect: 'anthropic' }), () => events(claudeStart))
    expect(line).toMatchObject({ attempts: [{}, {}], 'gen_ai.usage.input_tokens': 1400 })
    expect(row).toMatchObject({ requests: 1, input: 400, cacheRead: 1000, output: 8, estimated: 1 })
  })

  test('a truncated stream over bedrock is booked with what its upstream had counted', async () => {
    const usage = { inputTokens: 200, outputTokens: 4, cacheReadInputTokens: 500 }
    const upstream = () =>
      frames(
        eventFrame('messageStart', { role: 'assistant' }),
        eventFrame('metadata', { usage }),
        exceptionFrame('modelStreamErrorException', 'x'),
      )
    const { row } = await book(catalog({ dialect: 'bedrock' }), upstream)
    expect(row).toMatchObject({ input: 200, cacheRead: 500, output: 4, estimated: 1 })
  })
})

describe('an answer after a failure', () => {
  const counted = () =>
    chatStream({ choices: [], usage: chatUsage }, { error: { message: 'x', code: 503 } })
  const whole = () =>
    chatStream(delta({ content: 'hi' }, 'stop'), {
      choices: [],
      usage: { prompt_tokens: 10, completion_tokens: 5 },
    })

  test('an answer after a failure is booked with what the failed target had counted, at that target’s price', async () => {
    const models = catalog(
      { dialect: 'openai-chat', price: { input: 2, output: 4, cache_read: 1 } },
      { dialect: 'openai-chat' },
    )
    const { row, text } = await book(models, ({ url }) =>
      url.startsWith('http://p0') ? counted() : whole(),
    )
    expect(text).toContain('message_stop')
    expect(row).toMatchObject({ requests: 1, input: 210, cacheRead: 500, output: 9, estimated: 1 })
    expect(row?.cost).toBe(400_000 + 500_000 + 16_000 + 10_000 + 50_000)
  })

  test('an answer after a failure has nothing of a target that counted nothing', async () => {
    const models = catalog({ dialect: 'openai-chat' }, { dialect: 'openai-chat' })
    const { row } = await book(models, ({ url }) =>
      url.startsWith('http://p0') ? Response.json({}, { status: 500 }) : whole(),
    )
    expect(row).toMatchObject({ requests: 1, input: 10, output: 5, estimated: 0 })
  })
})

describe('the bill of a provider', () => {
  const message = (usage: object) => () =>
    Response.json({
      id: 'msg_up',
      type: 'message',
      role: 'assistant',
      model: 'up',
      content: [{ type: 'text', text: 'hi' }],
      stop_reason: 'end_turn',
      usage,
    })

  test.each([
    ['speed', { input_tokens: 10, output_tokens: 5, speed: 'fast' }, 6 * 60_000],
    ['service tier', { input_tokens: 10, output_tokens: 5, service_tier: 'flex' }, 30_000],
    [
      'searches',
      { input_tokens: 10, output_tokens: 5, server_tool_use: { web_search_requests: 2 } },
      20_060_000,
    ],
    [
      'writes for an hour',
      {
        input_tokens: 10,
        output_tokens: 5,
        cache_creation_input_tokens: 100,
        cache_creation: { ephemeral_5m_input_tokens: 40, ephemeral_1h_input_tokens: 60 },
      },
      60_000 + 50_000 + 120_000,
    ],
  ])(
    'the bill of a provider is that of its %s, in a passed-through message and in a stream',
    async (_, usage, cost) => {
      const anthropic = catalog({ dialect: 'anthropic' })
      const plain = await book(anthropic, message(usage), {})
      const { output_tokens, ...start } = usage
      const streamed = await book(anthropic, () =>
        events(
          {
            ...claudeStart,
            message: { ...claudeStart.message, usage: { ...start, output_tokens: 1 } },
          },
          claudeBlock,
          { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens } },
          { type: 'message_stop' },
        ),
      )
      expect([plain.row?.cost, streamed.row?.cost]).toEqual([cost, cost])
      expect([plain.row?.estimated, streamed.row?.estimated]).toEqual([0, 0])
    },
  )

  test('the bill of a provider is that of its service tier over a translated protocol', async () => {
    const chunk = { choices: [], usage: { prompt_tokens: 10, completion_tokens: 5 } }
    const { row } = await book(catalog({ dialect: 'openai-chat' }), () =>
      chatStream(delta({ content: 'hi' }, 'stop'), { ...chunk, service_tier: 'flex' }),
    )
    expect(row).toMatchObject({ cost: 30_000, estimated: 0 })
  })
})

test('a count that cannot be is estimated, and logged', async () => {
  const usage = { prompt_tokens: 10, completion_tokens: 3e18 }
  const { row, line, text } = await book(catalog({ dialect: 'openai-chat' }), () =>
    chatStream(delta({ content: '12345678' }, 'stop'), { choices: [], usage }),
  )
  expect(row).toMatchObject({ input: 10, output: 2, cost: 30_000, estimated: 1 })
  expect(line).toMatchObject({
    'gen_ai.usage.output_tokens': 2,
    implausibleUsage: { input: 10, output: 3e18 },
    costUsd: 0.00003,
  })
  expect(text).toContain('"output_tokens":2')
})
