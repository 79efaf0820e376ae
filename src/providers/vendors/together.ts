/** Together (https://docs.together.ai). */
import { openaiChat } from '../../dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { definePreset } from '../provider.ts'

export const together = definePreset<ChatQuirks>({
  name: 'together',
  dialect: openaiChat,
  baseUrl: 'https://api.together.ai/v1',
  auth: 'bearer',
  secret: 'TOGETHER_API_KEY',
  quirks: {
    drop_params: [],
    pdfs: 'none',
    // Models that can do both (https://docs.together.ai/docs/reasoning-overview).
    thinking_on: { reasoning: { enabled: true } },
    thinking_off: { reasoning: { enabled: false } },
    replay_field: 'reasoning',
  },
  models: [
    {
      match: '*gpt-oss*',
      quirks: {
        thinks_by_default: true,
        thinking_on: {},
        thinking_off: null,
        efforts: ['low', 'medium', 'high'],
      },
    },
    { match: '*Kimi*', quirks: { tool_ids: 'kimi' } },
  ],
})
