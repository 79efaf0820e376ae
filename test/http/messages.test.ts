import { describe, expect, test } from 'vitest'

import { chatStream, createHarness, delta } from '../support/app.ts'

const ask = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] }
const usage = {
  prompt_tokens: 10,
  completion_tokens: 3,
  prompt_tokens_details: { cached_tokens: 4 },
}
const hello = () =>
  chatStream(delta({ content: 'he' }), delta({ content: 'llo' }, 'stop'), { choices: [], usage })
const completion = (message: object, finish = 'stop') =>
  Response.json({ choices: [{ index: 0, message, finish_reason: finish }], usage })

describe('a non-streaming request', () => {
  test('a non-streaming request is translated, sent with only the provider’s key, and answered', async () => {
    const { request, sent, lines } = await createHarness({
      upstream: () => completion({ content: 'hello' }),
    })
    const response = await request('/v1/messages', { json: ask })
    expect(response.status).toBe(200)
    expect(response.headers.get('gateway-model')).toBe('chat/up')
    expect(await response.json()).toMatchObject({
      type: 'message',
      model: 'm',
      content: [{ type: 'text', text: 'hello' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 6, cache_read_input_tokens: 4, output_tokens: 3 },
    })
    expect(sent[0]?.url).toBe('http://chat.test/v1/chat/completions')
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer sk-chat-secret')
    expect(sent[0]?.headers.get('x-api-key')).toBeNull()
    expect(sent[0]?.body).toMatchObject({ model: 'up' })
    expect(lines).toMatchObject([
      {
        status: 200,
        'gen_ai.request.model': 'm',
        'gen_ai.usage.input_tokens': 10,
        'gen_ai.usage.output_tokens': 3,
        target: 'chat/up',
        keyId: 'aaaaaaaaaa',
      },
    ])
  })

  test('a non-streaming request is answered as one message if its upstream streams', async () => {
    const { request } = await createHarness({ upstream: hello })
    const response = await request('/v1/messages', { json: ask })
    expect(await response.json()).toMatchObject({ content: [{ type: 'text', text: 'hello' }] })
  })
})

describe('a streaming request', () => {
  test('a streaming request is answered with events and a request id', async () => {
    const { request } = await createHarness({ upstream: hello })
    const response = await request('/v1/messages', { json: { ...ask, stream: true } })
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(response.headers.get('request-id')).toMatch(/^req_/)
    const text = await response.text()
    expect(text.match(/^event: .*$/gm)).toEqual([
      'event: message_start',
      'event: ping',
      'event: content_block_start',
      'event: content_block_delta',
      'event: content_block_delta',
      'event: content_block_stop',
      'event: message_delta',
      'event: message_stop',
    ])
  })

  test('a streaming request is answered with events if its upstream does not stream', async () => {
    const { request } = await createHarness({ upstream: () => completion({ content: 'hello' }) })
    const response = await request('/v1/messages', { json: { ...ask, stream: true } })
    expect(await response.text()).toContain('"text":"hello"')
  })

  test('a streaming request that fails before its first event has an error status', async () => {
    const { request } = await createHarness({
      upstream: () => chatStream({ error: { message: 'Overloaded', code: 529 } }),
    })
    const response = await request('/v1/messages', { json: { ...ask, stream: true } })
    expect([response.status, await response.json()]).toMatchObject([
      529,
      { error: { type: 'overloaded_error' } },
    ])
  })

  test('a streaming request whose upstream response is truncated ends with an error event, not with an invented end', async () => {
    const { request, lines, settled } = await createHarness({
      upstream: () => new Response('data: {"choices":[{"delta":{"content":"he"}}]}\n\n'),
    })
    const response = await request('/v1/messages', { json: { ...ask, stream: true } })
    const text = await response.text()
    expect(text).toContain('event: error')
    expect(text).not.toContain('message_stop')
    await settled()
    expect(lines).toMatchObject([{ ending: 'failed', 'error.type': 'upstream_cut: api_error' }])
  })

  test('a streaming request whose upstream connection breaks ends with an error event', async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(
          new TextEncoder().encode('data: {"choices":[{"delta":{"content":"he"}}]}\n\n'),
        )
      },
      pull(controller) {
        controller.error(new Error('reset'))
      },
    })
    const { request } = await createHarness({ upstream: () => new Response(body) })
    const response = await request('/v1/messages', { json: { ...ask, stream: true } })
    expect(await response.text()).toContain('event: error')
  })
})

describe('an upstream failure', () => {
  test.each([
    [401, { error: { message: 'Incorrect API key provided: sk-chat-secret' } }, 500, 'api_error'],
    [429, { error: { message: 'slow down' } }, 429, 'rate_limit_error'],
    [503, '<html><body>gone</body></html>', 529, 'overloaded_error'],
    [
      400,
      {
        error: {
          message:
            "This model's maximum context length is 8 tokens. However, your messages resulted in 9 tokens.",
          code: 'context_length_exceeded',
        },
      },
      400,
      'invalid_request_error',
    ],
  ])(
    'an upstream failure with status %s and body %j becomes %s %s',
    async (status, body, clientStatus, type) => {
      const { request } = await createHarness({
        upstream: () =>
          new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }),
      })
      const response = await request('/v1/messages', { json: ask })
      const text = await response.text()
      expect(response.status).toBe(clientStatus)
      expect(JSON.parse(text)).toMatchObject({ type: 'error', error: { type } })
      expect(text).not.toContain('sk-chat-secret')
      expect(text).not.toContain('<html')
    },
  )

  test('an upstream failure without a connection is a 502', async () => {
    const { request } = await createHarness({
      upstream: () => {
        throw new TypeError('connection refused')
      },
    })
    const response = await request('/v1/messages', { json: ask })
    expect([response.status, await response.text()]).toEqual([
      502,
      expect.stringContaining('The provider chat could not be reached.'),
    ])
  })

  test('an upstream’s redirect to another host gets no key', async () => {
    const { request, sent } = await createHarness({
      upstream: () => Response.redirect('http://evil.test/', 307),
    })
    const response = await request('/v1/messages', { json: ask })
    expect([response.status, sent.length]).toEqual([502, 1])
  })
})

describe('an invalid request', () => {
  test.each([
    ['{', 400, 'invalid_request_error', 'The request body is not valid JSON'],
    ['', 400, 'invalid_request_error', 'it is empty'],
    ['[]', 400, 'invalid_request_error', 'valid dictionary'],
    ['{}', 400, 'invalid_request_error', 'model: Field required'],
    ['{"model":"nope"}', 404, 'not_found_error', 'model: nope'],
    ['{"model":"m","messages":[]}', 400, 'invalid_request_error', 'max_tokens: Field required'],
  ])('an invalid request is rejected: %s → %s', async (body, status, type, message) => {
    const { request } = await createHarness()
    const response = await request('/v1/messages', { method: 'POST', body })
    const answer = await response.json<{ request_id: string; error: { message: string } }>()
    expect([response.status, answer]).toMatchObject([status, { type: 'error', error: { type } }])
    expect(answer.error.message).toContain(message)
    expect(answer.request_id).toBe(response.headers.get('request-id'))
  })

  test.each([
    ['GET', '/v1/messages', 405],
    ['DELETE', '/v1/models', 405],
    ['GET', '/v1/nothing', 404],
    ['POST', '/nothing', 404],
  ])(
    'an invalid request %s %s → %s has Anthropic’s error envelope',
    async (method, path, status) => {
      const { request } = await createHarness()
      const response = await request(path, { method })
      expect([response.status, await response.json()]).toMatchObject([status, { type: 'error' }])
    },
  )

  test('a request with a body over 32 MB is rejected before it is read', async () => {
    const { request } = await createHarness()
    const response = await request('/v1/messages', {
      method: 'POST',
      body: '{}',
      headers: { 'content-length': String(33 * 1024 * 1024) },
    })
    expect([response.status, await response.json()]).toMatchObject([
      413,
      { error: { type: 'request_too_large', message: 'Request exceeds the maximum size' } },
    ])
  })

  test('a request with a decompression bomb is rejected', async () => {
    const zeros = new Blob([new Uint8Array(40 * 1024 * 1024)]).stream()
    const body = await new Response(zeros.pipeThrough(new CompressionStream('gzip'))).bytes()
    const { request } = await createHarness()
    const response = await request('/v1/messages', {
      method: 'POST',
      body,
      headers: { 'content-encoding': 'gzip' },
    })
    expect(response.status).toBe(413)
  })

  test('a request with a compressed body is valid', async () => {
    const { request } = await createHarness({ upstream: () => completion({ content: 'hello' }) })
    const packed = new Blob([JSON.stringify(ask)])
      .stream()
      .pipeThrough(new CompressionStream('gzip'))
    const response = await request('/v1/messages', {
      method: 'POST',
      body: await new Response(packed).bytes(),
      headers: { 'content-encoding': 'gzip' },
    })
    expect(response.status).toBe(200)
  })
})

describe('strict mode', () => {
  test('strict mode rejects a request with a field that would be dropped, and names the field', async () => {
    const { request, sent } = await createHarness()
    const json = { ...ask, top_k: 5, zebra: 1 }
    const response = await request('/v1/messages', { json, headers: { 'gateway-strict': '?1' } })
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining('zebra, top_k: not supported by chat/up'),
    ])
    expect(sent).toEqual([])
  })

  test('strict mode accepts the fields that clients always send', async () => {
    const { request } = await createHarness({ upstream: () => completion({ content: 'x' }) })
    const json = { ...ask, metadata: { user_id: 'u' }, context_management: {} }
    const response = await request('/v1/messages', { json, headers: { 'gateway-strict': '?1' } })
    expect(response.status).toBe(200)
  })
})

test('max_tokens 0 for a translated upstream is answered by the gateway', async () => {
  const { request, sent } = await createHarness()
  const response = await request('/v1/messages', { json: { ...ask, max_tokens: 0 } })
  expect(await response.json()).toMatchObject({
    content: [],
    stop_reason: 'max_tokens',
    usage: { output_tokens: 0 },
  })
  expect(sent).toEqual([])
})

test('a thread is rejected with the code that makes the SDK send the whole conversation', async () => {
  const { request } = await createHarness()
  const response = await request('/v1/messages', { json: { ...ask, thread: { type: 'create' } } })
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { error: { details: { error_code: 'thread_unsupported_request' } } },
  ])
})

test('a missing secret of a provider is named, and the client is asked not to retry', async () => {
  const { request } = await createHarness({ vars: { CHAT_KEY: '' } })
  const response = await request('/v1/messages', { json: ask })
  expect([response.status, response.headers.get('x-should-retry'), await response.text()]).toEqual([
    500,
    'false',
    expect.stringContaining('provider chat is not configured: secret CHAT_KEY is missing'),
  ])
})
