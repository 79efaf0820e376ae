/**
 * Cloudflare Workers AI (https://developers.cloudflare.com/workers-ai): over its REST API with a
 * token, or through the Worker's binding without one.
 */
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { gptOss } from '../gpt-oss.ts'
import type { BoundOffer } from '../preset.ts'
import { defineVendor } from '../vendor.ts'
import { runOnBinding } from '../workers-ai-binding.ts'

const docs = 'https://developers.cloudflare.com/workers-ai'

const quirks: Partial<ChatQuirks> = {
  pdfs: 'none',
  // Null is rejected.
  empty_content: 'empty',
  replay_field: 'reasoning',
  // Routes a conversation to where its prefix is cached.
  session_headers: ['x-session-affinity'],
}

const template: Partial<ChatQuirks> = {
  thinking_on: { chat_template_kwargs: { enable_thinking: true } },
  thinking_off: { chat_template_kwargs: { enable_thinking: false } },
}

const rules: { match: string; quirks: Partial<ChatQuirks> }[] = [
  { match: '*gpt-oss*', quirks: gptOss },
  { match: '*/qwen3*', quirks: template },
  { match: '*/glm-*', quirks: template },
  { match: '*/kimi-*', quirks: { ...template, tool_ids: 'kimi' } },
  { match: '*/gemma-4*', quirks: template },
]

/** The vendor `workers-ai`: its data, from which its presets are derived. */
export const workersAi = defineVendor({
  name: 'workers-ai',
  docs,
  baseUrlExample: 'https://api.cloudflare.com/client/v4/accounts/ACCOUNT/ai/v1',
  aiGateway: 'workers-ai/v1',
  secret: 'CLOUDFLARE_API_TOKEN',
  protocols: { chat: { quirks, models: rules } },
})

/**
 * The models with tool calls and a context window that agents can work in. Prices:
 * https://developers.cloudflare.com/workers-ai/platform/pricing; context windows and inputs: the
 * page of each model under https://developers.cloudflare.com/workers-ai/models. Those with a
 * fallback require the Workers Paid plan, and are refused with error 5035 on the Free plan.
 */
const models: BoundOffer['models'] = [
  {
    model: '@cf/zai-org/glm-5.3',
    displayName: 'GLM 5.3',
    createdAt: '2026-08-14T00:00:00Z',
    contextWindow: 1_048_576,
    takesImages: false,
    price: { input: 1.4, output: 4.4, cache_read: 0.26 },
    fallback: '@cf/qwen/qwen3.8-27b',
  },
  {
    model: '@cf/zai-org/glm-5.3-flash',
    displayName: 'GLM 5.3 Flash',
    createdAt: '2026-08-26T00:00:00Z',
    contextWindow: 1_048_576,
    takesImages: true,
    price: { input: 0.15, output: 0.5, cache_read: 0.03 },
    fallback: '@cf/google/gemma-4-26b-a4b-it',
  },
  {
    model: '@cf/deepseek-ai/deepseek-v4-pro-0813',
    displayName: 'DeepSeek V4 Pro',
    createdAt: '2026-08-13T00:00:00Z',
    contextWindow: 1_048_576,
    takesImages: false,
    price: { input: 1.32, output: 3.96, cache_read: 0.044 },
    fallback: '@cf/qwen/qwen3.8-27b',
  },
  {
    model: '@cf/deepseek-ai/deepseek-v4-flash-0731',
    displayName: 'DeepSeek V4 Flash',
    createdAt: '2026-07-31T00:00:00Z',
    contextWindow: 1_048_576,
    takesImages: false,
    price: { input: 0.44, output: 1.32, cache_read: 0.014 },
    fallback: '@cf/google/gemma-4-26b-a4b-it',
  },
  {
    model: '@cf/moonshotai/kimi-k2.7-code',
    displayName: 'Kimi K2.7 Code',
    createdAt: '2026-06-12T00:00:00Z',
    contextWindow: 262_144,
    takesImages: true,
    price: { input: 0.95, output: 4, cache_read: 0.19 },
    fallback: '@cf/qwen/qwen3.8-27b',
  },
  {
    model: '@cf/qwen/qwen3.8-27b',
    displayName: 'Qwen 3.8 27B',
    createdAt: '2026-08-17T00:00:00Z',
    contextWindow: 262_144,
    takesImages: true,
    price: { input: 0.45, output: 3.2, cache_read: 0.05 },
  },
  {
    model: '@cf/google/gemma-4-26b-a4b-it',
    displayName: 'Gemma 4 26B',
    createdAt: '2026-04-02T00:00:00Z',
    contextWindow: 256_000,
    takesImages: true,
    price: { input: 0.1, output: 0.3 },
  },
  {
    model: '@cf/nvidia/nemotron-3-120b-a12b',
    displayName: 'Nemotron 3 Super 120B',
    createdAt: '2026-03-11T00:00:00Z',
    contextWindow: 256_000,
    takesImages: false,
    price: { input: 0.5, output: 1.5 },
  },
  {
    model: '@cf/zai-org/glm-4.7-flash',
    displayName: 'GLM 4.7 Flash',
    createdAt: '2026-01-19T00:00:00Z',
    contextWindow: 131_072,
    takesImages: false,
    price: { input: 0.06, output: 0.4 },
  },
  {
    model: '@cf/openai/gpt-oss-120b',
    displayName: 'GPT-OSS 120B',
    createdAt: '2025-08-05T00:00:00Z',
    contextWindow: 128_000,
    takesImages: false,
    price: { input: 0.35, output: 0.75 },
  },
]

const large = '@cf/zai-org/glm-5.3'
const small = '@cf/zai-org/glm-5.3-flash'

const offer: BoundOffer = {
  binding: 'AI',
  provider: 'workers-ai',
  models,
  aliases: {
    'claude-fable-*': large,
    'claude-haiku-*': small,
    'claude-mythos-*': large,
    'claude-opus-*': large,
    'claude-sonnet-*': large,
    'claude-3-*': small,
  },
}

/** Requires the binding `AI` in wrangler.toml, and no key. */
export const workersAiBinding = defineVendor({
  name: 'workers-ai-binding',
  docs,
  // Nothing is sent there: `fetch` handles requests.
  baseUrl: 'http://workers-ai.invalid',
  auth: 'none',
  secret: null,
  fetch: runOnBinding,
  offer,
  protocols: {
    chat: {
      quirks: {
        ...quirks,
        // Inputs that a model does not support are rejected (`5006: … oneOf`).
        stream_usage: false,
        parallel_tool_calls: 'never',
        // Expects the schema itself where others expect a wrapper.
        structured_output: 'json_object',
      },
      models: rules,
    },
  },
})
