/** Providers that are reached in a way of their own. */
import { describe, expect, test } from 'vitest'

import { createHarness } from '../../support/app.ts'
import { concatenate, eventFrame, exceptionFrame } from '../../support/streams/event-stream.ts'

const ask = { max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] }

function catalog(provider: object, model = 'up') {
  return {
    version: 1,
    providers: { p: provider },
    models: [{ id: 'm', targets: [{ provider: 'p', model }] }],
  }
}

describe('a provider through AI Gateway', () => {
  const via = { ai_gateway: { account: 'a', gateway: 'g', secret: 'CF_AIG_TOKEN' } }
  const provider = { preset: 'anthropic', via }

  test('a provider through AI Gateway gets requests at the gateway’s URL, with its token and metadata and the provider’s key', async () => {
    const { request, sent } = await createHarness({
      catalog: catalog(provider),
      vars: { CF_AIG_TOKEN: 'cf-token' },
      upstream: () => Response.json({ type: 'message', model: 'up', content: [], usage: {} }),
    })
    expect((await request('/v1/messages', { json: { ...ask, model: 'm' } })).status).toBe(200)
    expect(sent[0]?.url).toBe('https://gateway.ai.cloudflare.com/v1/a/g/anthropic/v1/messages')
    const names = ['x-api-key', 'cf-aig-authorization', 'cf-aig-skip-cache', 'cf-aig-metadata']
    expect(names.map((name) => sent[0]?.headers.get(name))).toEqual([
      'sk-ant-secret',
      'Bearer cf-token',
      'true',
      '{"key":"aaaaaaaaaa"}',
    ])
  })

  test('a provider through AI Gateway gets no request without the gateway’s token', async () => {
    const { request, sent } = await createHarness({ catalog: catalog(provider) })
    const response = await request('/v1/messages', { json: { ...ask, model: 'm' } })
    expect(response.status).toBe(500)
    expect(response.headers.get('x-should-retry')).toBe('false')
    expect(await response.json()).toMatchObject({
      error: {
        type: 'api_error',
        message: 'provider p is not configured: secret CF_AIG_TOKEN of its AI gateway is missing',
      },
    })
    expect(sent).toEqual([])
  })
})

describe('the Workers AI binding', () => {
  const workersAi = catalog({ preset: 'workers-ai-binding' }, '@cf/a/b')

  test('the Workers AI binding is used with the same translation as HTTP', async () => {
    const run = async (): Promise<Response> =>
      new Response('data: {"response":"Hello"}\n\ndata: {"response":"."}\n\ndata: [DONE]\n\n')
    const { request, env, sent } = await createHarness({ catalog: workersAi })
    Object.assign(env, { AI: { run } })
    const response = await request('/v1/messages', { json: { ...ask, model: 'm' } })
    expect(await response.json()).toMatchObject({ content: [{ type: 'text', text: 'Hello.' }] })
    expect(sent).toEqual([])
  })

  test('the Workers AI binding is named in the error if it is missing', async () => {
    const { request } = await createHarness({ catalog: workersAi })
    const response = await request('/v1/messages', { json: { ...ask, model: 'm' } })
    expect(response.status).toBe(500)
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringContaining('Workers AI binding AI is missing') },
    })
  })
})

const base_url = 'https://bedrock-runtime.us-east-1.amazonaws.com'
const type = { 'content-type': 'application/vnd.amazon.eventstream' }

function stream(...frames: Uint8Array[]): Response {
  return new Response(concatenate(frames), { headers: type })
}

describe('an AWS event stream', () => {
  test('an AWS event stream of Converse is translated', async () => {
    const { request, sent } = await createHarness({
      catalog: catalog({ preset: 'bedrock', base_url }),
      vars: { AWS_BEARER_TOKEN_BEDROCK: 'key' },
      upstream: () =>
        stream(
          eventFrame('messageStart', { role: 'assistant' }),
          eventFrame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hello' } }),
          eventFrame('messageStop', { stopReason: 'end_turn' }),
          eventFrame('metadata', { usage: { inputTokens: 3, outputTokens: 1 } }),
        ),
    })
    const json = { ...ask, model: 'm', stream: true }
    const text = await (await request('/v1/messages', { json })).text()
    expect(text).toContain('"delta":{"type":"text_delta","text":"Hello"}')
    expect(text).toContain('event: message_stop')
    expect(sent[0]?.url).toBe(`${base_url}/model/up/converse-stream`)
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer key')
  })

  test('the request of an AWS event stream is signed if the catalog sets it', async () => {
    const { request, sent } = await createHarness({
      catalog: catalog({ preset: 'bedrock', base_url, auth: 'sigv4', secret: 'AWS_KEY' }),
      vars: { AWS_KEY: '{"access_key_id":"AKID","secret_access_key":"s"}' },
      upstream: () => Response.json({ message: 'no' }, { status: 400 }),
    })
    await request('/v1/messages', { json: { ...ask, model: 'm' } })
    expect(sent[0]?.headers.get('authorization')).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/us-east-1\/bedrock\/aws4_request, SignedHeaders=host;x-amz-date, Signature=[0-9a-f]{64}$/,
    )
  })

  const chunk = (event: object): Uint8Array =>
    eventFrame('chunk', { bytes: btoa(JSON.stringify(event)) })
  const start = chunk({ type: 'message_start', message: { id: 'msg_1', model: 'up', usage: {} } })
  const begun = chunk({ type: 'content_block_start', index: 0, content_block: { type: 'text' } })

  test('an AWS event stream of Claude is passed through, and betas are in the request body', async () => {
    const { request, sent } = await createHarness({
      catalog: catalog({ preset: 'bedrock-anthropic', base_url }),
      vars: { AWS_BEARER_TOKEN_BEDROCK: 'key' },
      upstream: () =>
        stream(
          start,
          begun,
          chunk({ type: 'content_block_stop', index: 0 }),
          chunk({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: {} }),
          chunk({ type: 'message_stop', 'amazon-bedrock-invocationMetrics': {} }),
        ),
    })
    const response = await request('/v1/messages', {
      json: { ...ask, model: 'm', stream: true },
      headers: { 'anthropic-beta': 'a,b' },
    })
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    const text = await response.text()
    expect(text).toContain(
      'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","model":"m","usage":{}}}',
    )
    expect(text).toMatch(/event: message_stop\ndata: {"type":"message_stop"}\n\n$/)
    expect(sent[0]?.url).toBe(`${base_url}/model/up/invoke-with-response-stream`)
    expect(sent[0]?.headers.get('anthropic-beta')).toBeNull()
    expect(sent[0]?.body).toEqual({
      anthropic_version: 'bedrock-2023-05-31',
      anthropic_beta: ['a', 'b'],
      ...ask,
    })
  })

  test('an AWS event stream with an exception after content ends with an error event', async () => {
    const { request } = await createHarness({
      catalog: catalog({ preset: 'bedrock-anthropic', base_url }),
      vars: { AWS_BEARER_TOKEN_BEDROCK: 'key' },
      upstream: () => stream(start, begun, exceptionFrame('throttlingException', 'Slow down.')),
    })
    const json = { ...ask, model: 'm', stream: true }
    const text = await (await request('/v1/messages', { json })).text()
    expect(text).toMatch(/event: error\ndata: .*"rate_limit_error","message":"p: Slow down\."/)
    expect(text).not.toContain('message_stop')
  })
})

test('fields that an Anthropic-compatible endpoint does not support are dropped and reported', async () => {
  const { request, sent } = await createHarness({
    catalog: catalog({ preset: 'kimi-anthropic' }),
    vars: { MOONSHOT_API_KEY: 'key' },
    upstream: () => Response.json({ type: 'message', model: 'up', content: [], usage: {} }),
  })
  const json = { ...ask, model: 'm', container: 'c' }
  const headers = { 'anthropic-beta': 'a' }
  const response = await request('/v1/messages', { json, headers })
  expect(response.headers.get('gateway-adapted')).toBe('"container";drop, "betas.a";ignore')
  expect(sent[0]?.body).toEqual({ ...ask, model: 'up' })
  expect(sent[0]?.headers.get('anthropic-beta')).toBeNull()
  const strict = await request('/v1/messages', { json, headers: { 'gateway-strict': '?1' } })
  expect(strict.status).toBe(400)
})
