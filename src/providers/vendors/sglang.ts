/** SGLang, wherever it runs (https://docs.sglang.ai). Tools need `--tool-call-parser`. */
import { openaiChat } from '../../dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { defineCompatible } from '../anthropic-compatible.ts'
import { definePreset } from '../provider.ts'

export const sglang = definePreset<ChatQuirks>({
  name: 'sglang',
  localBaseUrl: 'http://localhost:30000/v1',
  dialect: openaiChat,
  auth: 'bearer',
  secret: null,
  quirks: {
    drop_params: [],
    pdfs: 'none',
    prefill: 'native',
    prefill_body: { continue_final_message: true },
    thinks_by_default: true,
    // `thinking` is what DeepSeek's template calls it.
    thinking_on: { chat_template_kwargs: { enable_thinking: true, thinking: true } },
    thinking_off: { chat_template_kwargs: { enable_thinking: false, thinking: false } },
    replay_field: 'reasoning_content',
    count_tokens: 'messages',
  },
  models: [
    {
      match: '*gpt-oss*',
      quirks: { efforts: ['low', 'medium', 'high'], thinking_on: {}, thinking_off: null },
    },
    { match: '*Kimi*', quirks: { tool_ids: 'kimi' } },
  ],
})

export const sglangAnthropic = defineCompatible({
  name: 'sglang-anthropic',
  auth: 'bearer',
  secret: null,
  more: ['top_k'],
})
