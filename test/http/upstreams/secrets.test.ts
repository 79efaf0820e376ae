import { describe, expect, test } from 'vitest'

import { createHarness } from '../../support/app.ts'

const ask = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'a secret prompt' }] }
const usage = { prompt_tokens: 1000, completion_tokens: 100 }
const answer = () =>
  Response.json({ choices: [{ message: { content: 'hello' }, finish_reason: 'stop' }], usage })

const provider = {
  dialect: 'openai-chat',
  base_url: 'http://up.test',
  secrets: ['KEY_A', 'KEY_B', 'KEY_UNSET'],
}
const catalog = {
  version: 1,
  providers: { up: provider },
  models: [
    {
      id: 'm',
      targets: [{ provider: 'up', model: 'x' }],
      price: { input: 2, output: 10 },
    },
  ],
}
const vars = { KEY_A: 'key-a', KEY_B: 'key-b' }

describe('a provider with several secrets', () => {
  test('a provider with several secrets uses all of them, and the same one within a conversation', async () => {
    const { request, sent } = await createHarness({ catalog, vars, upstream: answer })
    for (let at = 0; at < 40; at += 1) {
      await request('/v1/messages', { json: ask })
    }
    const keys = sent.map(({ headers }) => headers.get('authorization'))
    expect(new Set(keys)).toEqual(new Set(['Bearer key-a', 'Bearer key-b']))
    sent.length = 0
    for (let at = 0; at < 10; at += 1) {
      const headers = { 'x-claude-code-session-id': 'one' }
      await request('/v1/messages', { json: ask, headers })
    }
    expect(new Set(sent.map(({ headers }) => headers.get('authorization'))).size).toBe(1)
  })

  test('a provider with several secrets uses another secret when one has reached its rate limit and is in cooldown', async () => {
    const { request, sent } = await createHarness({
      catalog,
      vars,
      upstream: (upstream) =>
        upstream.headers.get('authorization') === 'Bearer key-a'
          ? new Response('{}', { status: 429, headers: { 'retry-after': '60' } })
          : answer(),
    })
    for (let at = 0; at < 20; at += 1) {
      expect((await request('/v1/messages', { json: ask })).status).toBe(200)
    }
    const keys = sent.map(({ headers }) => headers.get('authorization'))
    expect(keys.filter((key) => key === 'Bearer key-a')).toHaveLength(1)
  })

  test('a provider with several secrets is a configuration error if none is set', async () => {
    const { request } = await createHarness({ catalog, upstream: answer })
    const response = await request('/v1/messages', { json: ask })
    expect([response.status, await response.text()]).toEqual([
      500,
      expect.stringContaining('secrets KEY_A, KEY_B, KEY_UNSET are missing'),
    ])
  })
})

test('a request logs one line, with OpenTelemetry’s field names and neither prompt nor key', async () => {
  const { request, lines, settled } = await createHarness({ catalog, vars, upstream: answer })
  await request('/v1/messages', { json: ask })
  await settled()
  expect(lines).toMatchObject([
    {
      level: 'info',
      status: 200,
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'm',
      'gen_ai.provider.name': 'up',
      'gen_ai.response.finish_reasons': ['end_turn'],
      'gen_ai.usage.input_tokens': 1000,
      'gen_ai.usage.output_tokens': 100,
      keyId: 'aaaaaaaaaa',
      target: 'up/x',
      attempts: [{ target: 'up/x' }],
      stream: false,
      ending: 'complete',
      costUsd: 0.003,
    },
  ])
  const [line] = lines
  expect(Object.keys(line ?? {})).toEqual(
    expect.arrayContaining([
      'requestId',
      'headersMs',
      'contentMs',
      'upstreamMs',
      'ms',
      'adaptations',
    ]),
  )
  expect(JSON.stringify(lines)).not.toMatch(/secret prompt|hello|key-a|key-b/)
})

describe('a provider that repeats the secret in an error', () => {
  const secret = 'zQ8rW2nT5kLm9xYp'

  test.each(['openai-chat', 'anthropic'])(
    'a secret that a provider repeats in an error is not revealed, whatever its form: %s',
    async (dialect) => {
      const { request } = await createHarness({
        catalog: {
          version: 1,
          providers: { up: { dialect, base_url: 'http://up.test', secret: 'KEY_A' } },
          models: [{ id: 'm', targets: [{ provider: 'up', model: 'x' }] }],
        },
        vars: { KEY_A: secret },
        upstream: () => {
          const message = `request of ${secret} is malformed`
          const error = { type: 'invalid_request_error', message }
          return Response.json({ type: 'error', error }, { status: 400 })
        },
      })
      const text = await (await request('/v1/messages', { json: ask })).text()
      expect(text).toContain('request of [redacted] is malformed')
      expect(text).not.toContain(secret)
    },
  )
})
