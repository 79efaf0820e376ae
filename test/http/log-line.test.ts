/**
 * The log line's contract: its fields and their values for each end that a request may have.
 * Operators query these names, so a change here is a change for them.
 */
import { describe, expect, test } from 'vitest'

import type { Harness } from '../support/app.ts'
import { chatStream, createHarness, delta } from '../support/app.ts'

const catalog = {
  version: 1,
  providers: {
    one: { dialect: 'openai-chat', base_url: 'http://one.test/v1', secret: null },
    two: { dialect: 'openai-chat', base_url: 'http://two.test/v1', secret: null },
  },
  models: [
    {
      id: 'm',
      targets: [
        { provider: 'one', model: 'x' },
        { provider: 'two', model: 'x' },
      ],
      price: { input: 2, output: 10 },
    },
  ],
}

const usage = { prompt_tokens: 10, completion_tokens: 5 }

const whole = (): Response =>
  chatStream(delta({ content: 'hello' }, 'stop'), { choices: [], usage })

const truncated = (): Response =>
  new Response(`data: ${JSON.stringify(delta({ content: 'twelve chars' }))}\n\n`, {
    headers: { 'content-type': 'text/event-stream' },
  })

const json = {
  model: 'm',
  max_tokens: 9,
  stream: true,
  top_k: 5,
  messages: [{ role: 'user', content: 'x' }],
}

/** The fields of every line. */
const request = {
  level: 'info',
  requestId: 'req_000000000000000000000001',
  method: 'POST',
  path: '/v1/messages',
  ms: 0,
}

/** The fields of a streaming request that was sent to the first target. */
const answered = {
  ...request,
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'm',
  'gen_ai.provider.name': 'one',
  keyId: 'aaaaaaaaaa',
  stream: true,
  attempts: [{ target: 'one/x', ms: 0 }],
  target: 'one/x',
  adaptations: [{ field: 'top_k', action: 'drop' }],
  upstreamMs: 0,
  headersMs: 0,
}

/** The fields of a complete answer with the usage of {@link whole}. */
const complete = {
  'gen_ai.response.finish_reasons': ['end_turn'],
  'gen_ai.usage.input_tokens': 10,
  'gen_ai.usage.output_tokens': 5,
  'gen_ai.usage.cache_read.input_tokens': 0,
  'gen_ai.usage.cache_creation.input_tokens': 0,
  contentMs: 0,
  ending: 'complete',
  costUsd: 7e-5,
  toldCharacters: 5,
}

/** The line as it is printed, with `0` for each duration, which the tests do not decide. */
async function toLine({ settled, lines }: Harness): Promise<unknown> {
  await settled()
  expect(lines).toHaveLength(1)
  return JSON.parse(JSON.stringify(lines[0]), (name, value: unknown) =>
    /^ms$|Ms$/.test(name) && typeof value === 'number' ? 0 : value,
  )
}

describe('the log line', () => {
  test('the log line of a complete answer has usage, cost, stop reason and durations', async () => {
    const gateway = await createHarness({ catalog, upstream: whole })
    await (await gateway.request('/v1/messages', { json })).text()
    expect(await toLine(gateway)).toStrictEqual({
      ...answered,
      ...complete,
      status: 200,
    })
  })

  test('the log line of a stream that failed after content has the failure and the characters sent', async () => {
    const gateway = await createHarness({ catalog, upstream: truncated })
    await (await gateway.request('/v1/messages', { json })).text()
    expect(await toLine(gateway)).toStrictEqual({
      ...answered,
      status: 200,
      'error.type': 'upstream_cut: api_error',
      contentMs: 0,
      ending: 'failed',
      toldCharacters: 12,
    })
  })

  test('the log line of a request that every target refused has each attempt', async () => {
    const gateway = await createHarness({
      catalog,
      upstream: () => new Response('no', { status: 503 }),
    })
    await (await gateway.request('/v1/messages', { json })).text()
    expect(await toLine(gateway)).toStrictEqual({
      ...answered,
      level: 'error',
      status: 529,
      'gen_ai.provider.name': 'two',
      'error.type': 'upstream_error: overloaded_error',
      attempts: [
        { target: 'one/x', ms: 0, failed: 'overloaded_error' },
        { target: 'two/x', ms: 0, failed: 'overloaded_error' },
      ],
      target: 'two/x',
      ending: 'failed',
      toldCharacters: 0,
    })
  })

  test('the log line of a client that disconnected has status 499 and the characters sent', async () => {
    const { readable, writable } = new IdentityTransformStream()
    const writer = writable.getWriter()
    const gateway = await createHarness({
      catalog,
      upstream: () => new Response(readable, { headers: { 'content-type': 'text/event-stream' } }),
    })
    const controller = new AbortController()
    const asked = gateway.request('/v1/messages', { json, signal: controller.signal })
    const event = `data: ${JSON.stringify(delta({ content: '12345678' }))}\n\n`
    const written = writer.write(new TextEncoder().encode(event))
    const reader = (await asked).body?.getReader()
    await Promise.all([written, reader?.read()])
    controller.abort()
    expect(await toLine(gateway)).toStrictEqual({
      ...answered,
      status: 499,
      contentMs: 0,
      ending: 'left',
      toldCharacters: 8,
    })
  })

  test('the log line of a fallback names the target that answered and the one that failed', async () => {
    const gateway = await createHarness({
      catalog,
      upstream: ({ url }) =>
        url.includes('one.test') ? new Response('no', { status: 503 }) : whole(),
    })
    await (await gateway.request('/v1/messages', { json: { ...json, stream: false } })).text()
    expect(await toLine(gateway)).toStrictEqual({
      ...answered,
      ...complete,
      status: 200,
      'gen_ai.provider.name': 'two',
      stream: false,
      attempts: [
        { target: 'one/x', ms: 0, failed: 'overloaded_error' },
        { target: 'two/x', ms: 0 },
      ],
      target: 'two/x',
    })
  })

  test('the log line of a message that is passed through has the usage that its upstream reported', async () => {
    const gateway = await createHarness({
      upstream: () =>
        Response.json({
          type: 'message',
          content: [],
          stop_reason: 'end_turn',
          usage: {
            input_tokens: 1,
            output_tokens: 2,
            cache_read_input_tokens: 3,
            cache_creation_input_tokens: 4,
          },
        }),
    })
    const { model: _, top_k: _k, ...rest } = json
    await gateway.request('/v1/messages', { json: { model: 'claude-x', ...rest, stream: false } })
    expect(await toLine(gateway)).toStrictEqual({
      ...answered,
      status: 200,
      'gen_ai.request.model': 'claude-x',
      'gen_ai.provider.name': 'claude',
      'gen_ai.response.finish_reasons': ['end_turn'],
      'gen_ai.usage.input_tokens': 8,
      'gen_ai.usage.output_tokens': 2,
      'gen_ai.usage.cache_read.input_tokens': 3,
      'gen_ai.usage.cache_creation.input_tokens': 4,
      stream: false,
      attempts: [{ target: 'claude/claude-x', ms: 0 }],
      target: 'claude/claude-x',
      adaptations: [],
      contentMs: 0,
      ending: 'complete',
      toldCharacters: 161,
    })
  })

  test('the log line of a refused request has the failure and the type that the client got', async () => {
    const gateway = await createHarness({ catalog })
    await gateway.request('/v1/messages', { json: { ...json, max_tokens: -1 } })
    expect(await toLine(gateway)).toStrictEqual({
      ...request,
      status: 400,
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'm',
      'gen_ai.provider.name': 'two',
      'error.type': 'invalid_request: invalid_request_error',
      keyId: 'aaaaaaaaaa',
      stream: true,
      attempts: [],
      target: 'two/x',
      headersMs: 0,
      ending: 'failed',
      toldCharacters: 0,
    })
  })

  test('the log line of a count has the model and its target', async () => {
    const gateway = await createHarness({ catalog })
    const { model, messages } = json
    await gateway.request('/v1/messages/count_tokens', { json: { model, messages } })
    expect(await toLine(gateway)).toStrictEqual({
      ...request,
      path: '/v1/messages/count_tokens',
      status: 200,
      'gen_ai.request.model': 'm',
      keyId: 'aaaaaaaaaa',
      target: 'one/x',
    })
  })

  test('the log line of a request without a valid key has no key and no model', async () => {
    const gateway = await createHarness({ catalog })
    await gateway.request('/v1/messages', { json, key: 'sk-unknown' })
    expect(await toLine(gateway)).toStrictEqual({
      ...request,
      status: 401,
      'error.type': 'invalid_key: authentication_error',
    })
  })
})
