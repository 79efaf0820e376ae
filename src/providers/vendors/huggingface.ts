/**
 * Hugging Face's router (https://huggingface.co/docs/inference-providers). A model is `org/name`, with
 * `:provider` behind it for one that is not chosen by the router.
 */
import { openaiChat } from '../../dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { definePreset } from '../provider.ts'

export const huggingface = definePreset<ChatQuirks>({
  name: 'huggingface',
  dialect: openaiChat,
  baseUrl: 'https://router.huggingface.co/v1',
  auth: 'bearer',
  secret: 'HF_TOKEN',
  quirks: { pdfs: 'none' },
  models: [
    {
      match: '*gpt-oss*',
      quirks: { thinks_by_default: true, thinking_off: null, efforts: ['low', 'medium', 'high'] },
    },
    { match: '*Kimi*', quirks: { tool_ids: 'kimi' } },
    { match: '*istral*', quirks: { tool_ids: 'alnum9' } },
  ],
})
