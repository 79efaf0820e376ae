/** Counts of the upstream's own, where the catalog asks for them. */
import { expect, test } from 'vitest'

import { createHarness } from '../../support/app.ts'

const question = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] }

function catalogOf(preset: string, path: string): object {
  return {
    version: 1,
    providers: { up: { preset, base_url: `http://up.test${path}`, secret: null } },
    models: [{ id: 'm', targets: [{ provider: 'up', model: 'up-1' }], count_tokens: 'native' }],
  }
}

test.each([
  ['vllm', '/v1', '/tokenize', { count: 17, max_model_len: 8192, tokens: [] }],
  ['vllm-anthropic', '', '/v1/messages/count_tokens', { input_tokens: 17 }],
  ['sglang', '/v1', '/v1/messages/count_tokens', { input_tokens: 17 }],
  ['sglang-anthropic', '', '/v1/messages/count_tokens', { input_tokens: 17 }],
  ['llamacpp', '/v1', '/v1/chat/completions/input_tokens', { input_tokens: 17 }],
  ['llamacpp-anthropic', '', '/v1/messages/count_tokens', { input_tokens: 17 }],
  ['openai-responses', '/v1', '/v1/responses/input_tokens', { input_tokens: 17 }],
  ['gemini', '/v1beta', '/v1beta/models/up-1:countTokens', { totalTokens: 17 }],
])('tokens of a request to %s are counted by the provider', async (preset, base, path, answer) => {
  const { request, sent } = await createHarness({
    catalog: catalogOf(preset, base),
    upstream: () => Response.json(answer),
  })
  const response = await request('/v1/messages/count_tokens', { json: question })
  expect(await response.json()).toEqual({ input_tokens: 17 })
  expect(response.headers.get('gateway-model')).toBe('up/up-1')
  expect(sent.map(({ url }) => new URL(url).pathname)).toEqual([path])
})

test.each([
  ['an error', () => new Response('{}', { status: 500 })],
  ['a refusal', () => new Response('{}', { status: 400 })],
  ['no count', () => Response.json({ tokens: [] })],
  ['nonsense', () => new Response('<html>')],
  [
    'half an answer',
    () =>
      new Response(
        new ReadableStream({ start: (controller) => controller.error(new TypeError('cut')) }),
      ),
  ],
])('tokens of a request to %s are estimated by the gateway', async (_, upstream) => {
  const { request } = await createHarness({ catalog: catalogOf('vllm', '/v1'), upstream })
  const response = await request('/v1/messages/count_tokens', { json: question })
  expect(response.status).toBe(200)
  const { input_tokens: tokens } = await response.json<{ input_tokens: number }>()
  expect(tokens).toBeGreaterThan(0)
})
