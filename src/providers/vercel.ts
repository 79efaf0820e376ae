/** Vercel AI Gateway (https://vercel.com/docs/ai-gateway): many vendors' models, as `vendor/model`. */
import { openaiResponses as dialect } from '../dialects/openai-responses/index.ts'
import type { ResponsesQuirks } from '../dialects/openai-responses/quirks.ts'
import { definePreset } from './provider.ts'

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
