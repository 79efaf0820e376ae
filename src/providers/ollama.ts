/** Ollama, local or in its cloud (https://docs.ollama.com/api/openai-compatibility). */
import { openaiChat } from '../dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../dialects/openai-chat/quirks.ts'
import { definePreset } from './provider.ts'

export const ollama = definePreset<ChatQuirks>({
  name: 'ollama',
  dialect: openaiChat,
  baseUrl: 'http://localhost:11434/v1',
  auth: 'bearer',
  secret: null,
  quirks: {
    finish_optional: true,
    // Base64 only.
    image_urls: false,
    pdfs: 'none',
    // Not among its fields, so it would be ignored in silence.
    tool_choice_any: 'hint',
    tool_choice_named: 'hint',
    tool_choice_none: 'omit_tools',
    parallel_tool_calls: 'never',
    // A model without thinking refuses an effort: say `thinking: false` in the catalogue.
    thinks_by_default: true,
    thinking_off: { reasoning_effort: 'none' },
    efforts: ['low', 'medium', 'high', 'max'],
    replay_field: 'reasoning',
  },
  models: [
    { match: '*gpt-oss*', quirks: { efforts: ['low', 'medium', 'high'], thinking_off: null } },
  ],
})
