/** OpenRouter (https://openrouter.ai/docs). */
import { openaiChat } from '../dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../dialects/openai-chat/quirks.ts'
import { definePreset } from './provider.ts'

export const openrouter = definePreset<ChatQuirks>({
  name: 'openrouter',
  dialect: openaiChat,
  baseUrl: 'https://openrouter.ai/api/v1',
  auth: 'bearer',
  secret: 'OPENROUTER_API_KEY',
  quirks: {
    // Takes all parameters and leaves out what a model has not.
    drop_params: [],
    // PDFs for any model, by URL too (https://openrouter.ai/docs/features/multimodal/pdfs).
    pdf_urls: true,
    // One `reasoning` object for all models, an effort or a budget in it
    // (https://openrouter.ai/docs/use-cases/reasoning-tokens).
    thinking_on: { reasoning: { enabled: true } },
    thinking_off: { reasoning: { enabled: false } },
    effort_field: 'reasoning.effort',
    efforts: ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
    budget_field: 'reasoning.max_tokens',
    budget_range: [1024, 128_000],
    replay_field: 'reasoning',
    // Keeps a conversation with the provider that has it in its cache.
    session_fields: ['session_id'],
    // Else a provider may be chosen that ignores tools (`No endpoints found that support tool use`).
    extra_body_with_tools: { provider: { require_parameters: true } },
  },
  models: [
    // For other models it is a 404: `No endpoints found that support cache control`.
    { match: 'anthropic/*', quirks: { cache_control: true } },
  ],
})
