/** Fireworks (https://docs.fireworks.ai). Models are named `accounts/fireworks/models/…`. */
import { openaiChat } from '../../dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { definePreset } from '../provider.ts'

export const fireworks = definePreset<ChatQuirks>({
  name: 'fireworks',
  dialect: openaiChat,
  baseUrl: 'https://api.fireworks.ai/inference/v1',
  auth: 'bearer',
  secret: 'FIREWORKS_API_KEY',
  quirks: {
    drop_params: [],
    pdfs: 'none',
    tool_choice_any: 'any',
    // An effort or a budget, never both: the effort.
    thinking_off: { reasoning_effort: 'none' },
    efforts: ['low', 'medium', 'high'],
    session_fields: ['prompt_cache_key'],
    // What does not fit would be cut in silence.
    extra_body: { context_length_exceeded_behavior: 'error' },
  },
  models: [
    { match: '*gpt-oss*', quirks: { thinks_by_default: true, thinking_off: null } },
    { match: '*kimi*', quirks: { tool_ids: 'kimi' } },
    { match: '*llama-v3*', quirks: { efforts: [], thinking_off: {} } },
  ],
})
