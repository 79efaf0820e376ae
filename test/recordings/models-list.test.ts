/** Recorded lists of models, asked for over HTTP as `catalog discover` asks for them. */
import { expect, test } from 'vitest'

import { isChatModel } from '../../src/cli/catalog/model-facts.ts'
import { fetchModelList } from '../../src/cli/catalog/model-list.ts'
import { serve } from '../cli/serve.ts'
import { loadRecordings, readRecording } from './support/recordings.ts'

/** By provider: how many models there are, how many of them converse, and one of these. */
const lists: Record<string, [number, number, object]> = {
  deepseek: [2, 2, { model: 'deepseek-v4-pro', capabilities: {} }],
  google: [
    12,
    11,
    {
      model: 'gemini-2.5-pro',
      displayName: 'Gemini 2.5 Pro',
      maxInputTokens: 1_048_576,
      maxOutputTokens: 65_536,
      capabilities: { thinking: true },
      chats: true,
    },
  ],
  groq: [
    12,
    9,
    {
      model: 'groq/compound',
      displayName: 'Compound',
      maxInputTokens: 131_072,
      maxOutputTokens: 8192,
      capabilities: {
        image_input: false,
        pdf_input: false,
        structured_outputs: false,
        thinking: false,
      },
      chats: true,
    },
  ],
  openrouter: [
    12,
    12,
    {
      model: 'bytedance-seed/seed-1.6-flash',
      displayName: 'ByteDance Seed: Seed 1.6 Flash',
      createdAt: '2025-12-23T15:50:11Z',
      maxInputTokens: 262_144,
      maxOutputTokens: 16_384,
      capabilities: {
        image_input: true,
        pdf_input: false,
        structured_outputs: true,
        thinking: true,
      },
      price: { input: 0.075, output: 0.3 },
      chats: true,
    },
  ],
  perplexity: [
    12,
    12,
    {
      model: 'anthropic/claude-haiku-4-5',
      capabilities: {},
      price: { input: 1, output: 5, cache_read: 0.1, cache_write: 1.25 },
    },
  ],
  venice: [
    12,
    12,
    {
      model: 'gemini-3-6-flash',
      displayName: 'Gemini 3.6 Flash',
      maxInputTokens: 1_000_000,
      maxOutputTokens: 65_536,
      capabilities: { effort: false, image_input: true, structured_outputs: true, thinking: true },
      price: { input: 1.875, output: 9.375, cache_read: 0.1875 },
    },
  ],
}

const recordings = loadRecordings('models-list')

test.skipIf(recordings.length === 0)('the recordings have a model list of each provider', () => {
  const providers = recordings.map(({ provider }) => provider)
  expect(providers.toSorted()).toEqual(Object.keys(lists))
})

test.each(recordings.map((recording) => [recording.provider, recording] as const))(
  'the recorded model list of %s is read',
  async (provider, recording) => {
    const body: unknown = JSON.parse(new TextDecoder().decode(readRecording(recording)))
    const server = await serve({ '/models': body })
    const models = await fetchModelList(`${server.url}/models`, {})
    server.close()
    const chats = models.filter(isChatModel)
    const one = lists[provider]?.[2]
    expect([
      models.length,
      chats.length,
      JSON.parse(JSON.stringify(chats.find(({ model }) => Object(one).model === model) ?? null)),
    ]).toEqual(lists[provider])
  },
)
