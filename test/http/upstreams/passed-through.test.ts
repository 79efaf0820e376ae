import { describe, expect, test } from 'vitest'

import { toSignature } from '../../../src/anthropic/signature.ts'
import { createHarness } from '../../support/app.ts'

const body =
  '{ "model" : "claude-x", "max_tokens": 9, "messages": [ {"role":"user","content":"h\\u0069"} ], "new_field": 1.0 }'
const post = { method: 'POST', body }
const streamed = { ...post, body: body.replace('{', '{"stream":true,') }

const events = [
  { type: 'message_start', message: { id: 'msg_up', model: 'claude-x', content: [], usage: {} } },
  { type: 'ping' },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'message_stop' },
]
const stream = events
  .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  .join('')
const answerStream = () =>
  new Response(stream, { headers: { 'content-type': 'text/event-stream', 'request-id': 'req_up' } })

describe('a request to an Anthropic upstream', () => {
  test('a request to an Anthropic upstream is sent byte for byte, with the provider’s key and the client’s betas', async () => {
    let bytes = ''
    const { request, sent } = await createHarness({
      upstream: async (upstream) => {
        bytes = await upstream.text()
        return Response.json({ id: 'msg_up' })
      },
    })
    await request('/v1/messages?beta=true', {
      ...post,
      headers: {
        'anthropic-beta': 'a,b',
        'anthropic-version': '2026-10-21',
        'x-secret': 's',
        cookie: 'c',
      },
    })
    expect(bytes).toBe(body)
    const headers = sent[0]?.headers
    expect(sent[0]?.url).toBe('http://claude.test/v1/messages')
    expect([
      headers?.get('anthropic-beta'),
      headers?.get('anthropic-version'),
      headers?.get('x-api-key'),
    ]).toEqual(['a,b', '2026-10-21', 'sk-ant-secret'])
    expect([
      headers?.get('x-secret'),
      headers?.get('cookie'),
      headers?.get('authorization'),
    ]).toEqual([null, null, null])
  })

  test('a request to an Anthropic upstream has its model renamed and nothing else changed', async () => {
    let bytes = ''
    const { request } = await createHarness({
      upstream: async (upstream) => {
        bytes = await upstream.text()
        return Response.json({ model: 'claude-x', usage: { input_tokens: 1.0 } })
      },
    })
    const response = await request('/v1/messages', {
      method: 'POST',
      body: body.replace('claude-x', 'claude-renamed'),
    })
    expect(bytes).toBe(body)
    expect(await response.json()).toEqual({ model: 'claude-renamed', usage: { input_tokens: 1 } })
    expect(response.headers.get('gateway-model')).toBe('claude/claude-x')
  })

  test('a request to an Anthropic upstream has no reasoning of another upstream', async () => {
    const { request, sent } = await createHarness({ upstream: () => Response.json({}) })
    const signature = toSignature({ d: 'openai-chat', p: 'chat', m: 'up', f: 'reasoning' })
    await request('/v1/messages', {
      json: {
        model: 'claude-x',
        messages: [
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 'x', signature },
              { type: 'text', text: 'y' },
            ],
          },
        ],
      },
    })
    expect(sent[0]?.body).toMatchObject({
      messages: [{ role: 'assistant', content: [{ type: 'text', text: 'y' }] }],
    })
  })
})

describe('an answer from an Anthropic upstream', () => {
  test('an answer from an Anthropic upstream is streamed byte for byte, with pings and the request id', async () => {
    const { request } = await createHarness({ upstream: answerStream })
    const response = await request('/v1/messages', streamed)
    expect(response.headers.get('request-id')).toBe('req_up')
    expect(await response.text()).toBe(stream)
  })

  test('an answer from an Anthropic upstream has the requested model name, and no other byte is changed', async () => {
    const { request } = await createHarness({ upstream: answerStream })
    const response = await request('/v1/messages', {
      method: 'POST',
      body: streamed.body.replace('claude-x', 'claude-renamed'),
    })
    expect(await response.text()).toBe(stream.replace('claude-x', 'claude-renamed'))
  })

  test('an answer from an Anthropic upstream that is an error is passed on as received, without account names', async () => {
    const error =
      '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens > 8 maximum"},"request_id":"req_up"}'
    const { request } = await createHarness({
      upstream: () =>
        new Response(error, {
          status: 400,
          headers: {
            'request-id': 'req_up',
            'retry-after': '3',
            'anthropic-organization-id': 'org',
          },
        }),
    })
    const response = await request('/v1/messages', post)
    expect([response.status, await response.text()]).toEqual([400, error])
    expect(response.headers.get('retry-after')).toBe('3')
    expect(response.headers.get('anthropic-organization-id')).toBeNull()
  })

  test.each([
    ['sk-or-v1-4f9c2b7a1d8e6035aa17c3d94be05f62'],
    [String.raw`sk\u002dor\u002dv1-4f9c2b7a1d8e6035aa17c3d94be05f62`],
  ])(
    'an answer from an Anthropic upstream that is an error with a secret in it (%s) is rewritten without the secret',
    async (secret) => {
      const { request } = await createHarness({
        upstream: () =>
          new Response(
            `{"type":"error","error":{"type":"invalid_request_error","message":"tools.0 ${secret} no"}}`,
            { status: 400 },
          ),
      })
      const response = await request('/v1/messages', post)
      const text = await response.text()
      expect(response.status).toBe(400)
      expect(text).toContain('tools.0 [redacted]')
      expect(text).not.toContain('4f9c2b7a1d8e')
    },
  )

  test('an answer from an Anthropic upstream that ends in an error event with a secret in it has the secret redacted', async () => {
    const error = { type: 'api_error', message: 'key sk-or-v1-4f9c2b7a1d8e6035aa17c3d94be05f62 no' }
    const failing = [
      { type: 'message_start', message: { model: 'claude-x', usage: {} } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'error', error },
    ].map((data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`)
    const { request } = await createHarness({
      upstream: () =>
        new Response(failing.join(''), { headers: { 'content-type': 'text/event-stream' } }),
    })
    const text = await (await request('/v1/messages', streamed)).text()
    expect(text).toContain('key [redacted] no')
    expect(text).not.toContain('4f9c2b7a1d8e')
  })

  test.each([[401], [402], [403]])(
    'an answer from an Anthropic upstream that rejects the gateway’s own key (%s) is not a client error',
    async (status) => {
      const { request } = await createHarness({
        upstream: () => Response.json({ error: { message: 'invalid x-api-key' } }, { status }),
      })
      const response = await request('/v1/messages', post)
      expect([response.status, response.headers.get('x-should-retry')]).toEqual([500, 'false'])
    },
  )
})

describe('a token count', () => {
  const count = { json: { model: 'claude-x', messages: [{ role: 'user', content: 'hello' }] } }

  test('a token count is the upstream’s for an Anthropic upstream', async () => {
    const { request, sent } = await createHarness({
      upstream: () => Response.json({ input_tokens: 1234 }),
    })
    const response = await request('/v1/messages/count_tokens?beta=true', count)
    expect(await response.json()).toEqual({ input_tokens: 1234 })
    expect(sent[0]?.url).toBe('http://claude.test/v1/messages/count_tokens')
  })

  test.each([[404], [500], [401], [429], [400]])(
    'a token count is estimated if an Anthropic upstream answers %s',
    async (status) => {
      const { request } = await createHarness({ upstream: () => new Response('', { status }) })
      const response = await request('/v1/messages/count_tokens', count)
      expect(response.status).toBe(200)
      expect((await response.json<{ input_tokens: number }>()).input_tokens).toBeGreaterThan(0)
    },
  )

  test('a token count is estimated for translated upstreams, without a request', async () => {
    const { request, sent } = await createHarness()
    const response = await request('/v1/messages/count_tokens', {
      json: { ...count.json, model: 'm' },
    })
    expect((await response.json<{ input_tokens: number }>()).input_tokens).toBeGreaterThan(0)
    expect(sent).toEqual([])
  })
})
