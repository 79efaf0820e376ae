/**
 * Cloudflare Workers AI (https://developers.cloudflare.com/workers-ai): over its REST API with a
 * token, or through the Worker's binding without one.
 */
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
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

const models: { match: string; quirks: Partial<ChatQuirks> }[] = [
  {
    match: '*gpt-oss*',
    quirks: { thinks_by_default: true, thinking_off: null, efforts: ['low', 'medium', 'high'] },
  },
  { match: '*/qwen3*', quirks: template },
  { match: '*/glm-*', quirks: template },
  { match: '*/kimi-*', quirks: { ...template, tool_ids: 'kimi' } },
  { match: '*/gemma-4*', quirks: template },
]

export const workersAi = defineVendor({
  name: 'workers-ai',
  docs,
  baseUrlExample: 'https://api.cloudflare.com/client/v4/accounts/ACCOUNT/ai/v1',
  aiGateway: 'workers-ai/v1',
  secret: 'CLOUDFLARE_API_TOKEN',
  protocols: { chat: { quirks, models } },
})

/** Requires the binding `AI` in wrangler.toml, and no key. */
export const workersAiBinding = defineVendor({
  name: 'workers-ai-binding',
  docs,
  // Nothing is sent there: `fetch` handles requests.
  baseUrl: 'http://workers-ai.invalid',
  auth: 'none',
  secret: null,
  fetch: runOnBinding,
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
      models,
    },
  },
})
