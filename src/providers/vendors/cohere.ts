/** Cohere, by its compatibility API (https://docs.cohere.com/docs/compatibility-api). */
import { openaiChat } from '../../dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { definePreset } from '../provider.ts'

export const cohere = definePreset<ChatQuirks>({
  name: 'cohere',
  dialect: openaiChat,
  baseUrl: 'https://api.cohere.ai/compatibility/v1',
  auth: 'bearer',
  secret: 'COHERE_API_KEY',
  quirks: {
    pdfs: 'none',
    // Its own API knows REQUIRED and NONE, and no names.
    tool_choice_named: 'only',
    parallel_tool_calls: 'never',
    // No field of its compatibility API takes it.
    replay: 'never',
  },
  models: [
    {
      match: '*reasoning*',
      quirks: {
        thinks_by_default: true,
        efforts: ['high'],
        thinking_off: { reasoning_effort: 'none' },
      },
    },
  ],
})
