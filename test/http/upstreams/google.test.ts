/** Google's protocols through the whole gateway: a stream, a count, and a service account. */
import { exportPKCS8, generateKeyPair } from 'jose'
import { describe, expect, test } from 'vitest'

import { createHarness } from '../../support/app.ts'

const catalog = {
  version: 1,
  providers: {
    google: { preset: 'gemini', base_url: 'http://gemini.test/v1beta' },
    claude: {
      preset: 'vertex-anthropic',
      base_url: 'http://vertex.test/v1/projects/p/locations/global',
    },
  },
  models: [
    {
      id: 'gemini',
      targets: [{ provider: 'google', model: 'gemini-3-flash-preview' }],
      count_tokens: 'native',
    },
    { id: 'claude', targets: [{ provider: 'claude', model: 'claude-sonnet-4-5@20250929' }] },
  ],
}

const hello = { max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] }

async function keyFile(): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return JSON.stringify({
    client_email: 'gw@p.iam.gserviceaccount.com',
    private_key: await exportPKCS8(privateKey),
    token_uri: 'http://token.test/token',
  })
}

describe('a request to Gemini', () => {
  test('a request to Gemini is streamed, with the key in x-goog-api-key', async () => {
    const chunks = [
      { candidates: [{ content: { parts: [{ text: 'Hi.' }], role: 'model' } }] },
      {
        candidates: [{ finishReason: 'STOP' }],
        usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2 },
      },
    ]
    const stream = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join('')
    const { request, sent, settled } = await createHarness({
      catalog,
      vars: { GEMINI_API_KEY: 'AIza-secret' },
      upstream: () => new Response(stream, { headers: { 'content-type': 'text/event-stream' } }),
    })
    const response = await request('/v1/messages', {
      json: { ...hello, model: 'gemini', stream: true },
    })
    const text = await response.text()
    await settled()
    expect(text).toContain('"text_delta","text":"Hi."')
    expect(text).toContain('event: message_stop')
    expect(sent[0]?.url).toBe(
      'http://gemini.test/v1beta/models/gemini-3-flash-preview:streamGenerateContent?alt=sse',
    )
    expect(sent[0]?.headers.get('x-goog-api-key')).toBe('AIza-secret')
    expect(sent[0]?.headers.get('authorization')).toBe(null)
  })

  test('a request to Gemini counts tokens, which are estimated if Gemini fails', async () => {
    let answer = new Response(JSON.stringify({ totalTokens: 4711 }))
    const { request, sent } = await createHarness({
      catalog,
      vars: { GEMINI_API_KEY: 'AIza-secret' },
      upstream: () => answer,
    })
    const { messages } = hello
    const count = () =>
      request('/v1/messages/count_tokens', { json: { messages, model: 'gemini' } })
    expect(await (await count()).json()).toEqual({ input_tokens: 4711 })
    expect(sent[0]?.url).toBe('http://gemini.test/v1beta/models/gemini-3-flash-preview:countTokens')
    answer = new Response('{}', { status: 500 })
    const estimate: { input_tokens: number } = await (await count()).json()
    expect(estimate.input_tokens).toBeGreaterThan(0)
    expect(estimate.input_tokens).toBeLessThan(100)
  })
})

describe('a request to Claude on Vertex AI', () => {
  const message = {
    id: 'msg_vrtx_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5-20250929',
    content: [{ type: 'text', text: 'Hi.' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 3, output_tokens: 2 },
  }

  async function harness(answer: () => Response) {
    return createHarness({
      catalog,
      vars: { GOOGLE_SERVICE_ACCOUNT: await keyFile() },
      upstream: ({ url }) =>
        url.startsWith('http://token.test/')
          ? Response.json({ access_token: 'ya29.token', expires_in: 3599 })
          : answer(),
    })
  }

  test('a request to Claude on Vertex AI has an access token, and the model in its path', async () => {
    const { request, sent } = await harness(() => Response.json(message))
    const ask = () => request('/v1/messages', { json: { ...hello, model: 'claude' } })
    expect(await (await ask()).json()).toMatchObject({ model: 'claude', content: message.content })
    await ask()
    // One token for both.
    expect(sent.map(({ url }) => url.split('/').at(-1))).toEqual([
      'token',
      'claude-sonnet-4-5@20250929:rawPredict',
      'claude-sonnet-4-5@20250929:rawPredict',
    ])
    expect(sent[1]?.headers.get('authorization')).toBe('Bearer ya29.token')
    expect(sent[1]?.body).toEqual({ ...hello, anthropic_version: 'vertex-2023-10-16' })
  })

  test('a request to Claude on Vertex AI gets Google’s errors in Anthropic’s format', async () => {
    const error = { code: 429, message: 'Resource exhausted.', status: 'RESOURCE_EXHAUSTED' }
    const { request } = await harness(() => Response.json([{ error }], { status: 429 }))
    const response = await request('/v1/messages', { json: { ...hello, model: 'claude' } })
    expect(response.status).toBe(429)
    expect(await response.json()).toMatchObject({
      type: 'error',
      error: { type: 'rate_limit_error', message: 'claude: Resource exhausted.' },
    })
  })
})
