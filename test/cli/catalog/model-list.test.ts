import { expect, test } from 'vitest'

import { isChatModel } from '../../../src/cli/catalog/model-facts.ts'
import { fetchModelList, readModelList } from '../../../src/cli/catalog/model-list.ts'
import { serve } from '../serve.ts'

function read(entry: object): object | undefined {
  const facts = readModelList({ data: [entry] })[0]
  return facts && JSON.parse(JSON.stringify(facts))
}

test.each([
  [
    'one that has only names',
    { id: 'm', object: 'model', created: 0, owned_by: 'x' },
    { model: 'm', capabilities: {} },
  ],
  [
    "Anthropic's",
    {
      type: 'model',
      id: 'claude-x',
      display_name: 'Claude X',
      created_at: '2026-01-02T00:00:00Z',
      max_input_tokens: 1_000_000,
      max_tokens: 64_000,
      capabilities: { image_input: { supported: true }, thinking: { supported: true } },
    },
    {
      model: 'claude-x',
      displayName: 'Claude X',
      createdAt: '2026-01-02T00:00:00Z',
      maxInputTokens: 1_000_000,
      maxOutputTokens: 64_000,
      capabilities: { image_input: true, thinking: true },
    },
  ],
  [
    "Gemini's",
    {
      name: 'models/gemini-x',
      displayName: 'Gemini X',
      inputTokenLimit: 1000,
      outputTokenLimit: 100,
      supportedGenerationMethods: ['generateContent'],
      thinking: true,
    },
    {
      model: 'gemini-x',
      displayName: 'Gemini X',
      maxInputTokens: 1000,
      maxOutputTokens: 100,
      capabilities: { thinking: true },
      chats: true,
    },
  ],
  [
    'one with prices per token',
    {
      id: 'a/b',
      name: 'B',
      created: 1_766_505_011,
      context_length: 262_144,
      architecture: { input_modalities: ['image', 'text'], output_modalities: ['text'] },
      pricing: { prompt: '0.000000075', completion: '0.0000003', input_cache_read: '0.00000001' },
      top_provider: { max_completion_tokens: 16_384 },
      supported_parameters: ['reasoning', 'structured_outputs'],
    },
    {
      model: 'a/b',
      displayName: 'B',
      createdAt: '2025-12-23T15:50:11Z',
      maxInputTokens: 262_144,
      maxOutputTokens: 16_384,
      capabilities: {
        structured_outputs: true,
        thinking: true,
        image_input: true,
        pdf_input: false,
      },
      price: { input: 0.075, output: 0.3, cache_read: 0.01 },
      chats: true,
    },
  ],
  [
    'one with flags and an end',
    {
      id: 'm',
      max_context_length: 32_000,
      capabilities: { completion_chat: true, vision: false },
      deprecation: '2026-12-01T00:00:00Z',
    },
    {
      model: 'm',
      maxInputTokens: 32_000,
      capabilities: { image_input: false },
      chats: true,
      isRetired: true,
    },
  ],
  [
    "a router's, with its providers",
    {
      id: 'm',
      providers: [
        {
          provider: 'p',
          context_length: 1000,
          supports_structured_output: true,
          pricing: { input: 1, output: 2 },
        },
      ],
    },
    { model: 'm', maxInputTokens: 1000, capabilities: { structured_outputs: true } },
  ],
  [
    "a local server's",
    { id: 'm', max_model_len: 8192, meta: { n_ctx: 4096 } },
    { model: 'm', maxInputTokens: 8192, capabilities: {} },
  ],
  [
    'one with nested limits',
    {
      id: 'm',
      capabilities: {
        limits: { max_context_window_tokens: 128_000, max_output_tokens: 16_000 },
        supports: { adaptive_thinking: true },
      },
    },
    {
      model: 'm',
      maxInputTokens: 128_000,
      maxOutputTokens: 16_000,
      capabilities: { thinking: true },
    },
  ],
])('fetchModelList reads %s', (_, entry, facts) => {
  expect(read(entry)).toEqual(facts)
})

test.each(['text-embedding-3', 'whisper-1', 'gpt-image-1', 'omni-moderation-latest'])(
  'a model of which only the name %s is known is not a chat model',
  (model) => {
    expect(isChatModel({ model, capabilities: {} })).toBe(false)
    expect(isChatModel({ model, capabilities: {}, chats: true })).toBe(true)
  },
)

test.each([
  [{ data: [{ id: 'a' }], has_more: true, last_id: 'a' }, '/v1/models?limit=9&after_id=a'],
  [{ models: [{ name: 'models/a' }], nextPageToken: 'p2' }, '/v1/models?limit=9&pageToken=p2'],
])('fetchModelList follows the pagination of %j', async (first, second) => {
  const server = await serve({
    '/v1/models?limit=9': first,
    [second]: { data: [{ id: 'b' }, { id: 'a' }], has_more: false },
  })
  const models = await fetchModelList(`${server.url}/v1/models?limit=9`, {})
  expect(models.map(({ model }) => model)).toEqual(['a', 'b'])
  server.close()
})
