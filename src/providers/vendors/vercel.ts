/** Vercel AI Gateway (https://vercel.com/docs/ai-gateway): many vendors' models, as `vendor/model`. */
import { openaiChat } from '../../dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { openaiResponses as dialect } from '../../dialects/openai-responses/index.ts'
import type { ResponsesQuirks } from '../../dialects/openai-responses/quirks.ts'
import { defineCompatible } from '../anthropic-compatible.ts'
import { definePreset } from '../provider.ts'

export const vercelGateway = definePreset<ChatQuirks>({
  name: 'vercel-gateway',
  dialect: openaiChat,
  baseUrl: 'https://ai-gateway.vercel.sh/v1',
  auth: 'bearer',
  secret: 'AI_GATEWAY_API_KEY',
  quirks: {
    // One `reasoning` object for all models, an effort or a budget in it.
    thinking_on: { reasoning: { enabled: true } },
    thinking_off: { reasoning: { enabled: false } },
    effort_field: 'reasoning.effort',
    efforts: ['minimal', 'low', 'medium', 'high', 'xhigh'],
    budget_field: 'reasoning.max_tokens',
    budget_range: [1024, 128_000],
    replay_field: 'reasoning',
  },
  models: [
    {
      match: 'anthropic/*',
      quirks: { cache_control: true, forced_while_thinking: 'drop_thinking' },
    },
  ],
})

export const vercelResponses = definePreset<ResponsesQuirks>({
  name: 'vercel-responses',
  dialect,
  baseUrl: 'https://ai-gateway.vercel.sh/v1',
  auth: 'bearer',
  secret: 'AI_GATEWAY_API_KEY',
  quirks: {
    // It fits the effort to the model.
    efforts: ['minimal', 'low', 'medium', 'high', 'xhigh'],
    thinking_off: { reasoning: { effort: 'none' } },
    // Reasoning of models that do not encrypt theirs comes with other state.
    replay: 'text',
    output_items: true,
  },
})

/** Its Anthropic API (https://vercel.com/docs/ai-gateway/anthropic-compat), for any of its models. */
export const vercelAnthropic = defineCompatible({
  name: 'vercel-anthropic',
  baseUrl: 'https://ai-gateway.vercel.sh',
  auth: 'bearer',
  secret: 'AI_GATEWAY_API_KEY',
  more: ['top_k', 'metadata'],
  quirks: { cache_control: 'as_is' },
})
