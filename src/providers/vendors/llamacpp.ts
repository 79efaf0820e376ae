/** llama.cpp's server (https://github.com/ggml-org/llama.cpp). Tools need `--jinja`, images a projector. */
import { openaiChat } from '../../dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { defineCompatible } from '../anthropic-compatible.ts'
import { definePreset } from '../provider.ts'

export const llamacpp = definePreset<ChatQuirks>({
  name: 'llamacpp',
  dialect: openaiChat,
  baseUrl: 'http://localhost:8080/v1',
  auth: 'bearer',
  secret: null,
  quirks: {
    drop_params: [],
    pdfs: 'none',
    // Schemas become a grammar: `failed to parse grammar`
    simplify_schemas: true,
    thinks_by_default: true,
    thinking_on: { chat_template_kwargs: { enable_thinking: true } },
    thinking_off: { chat_template_kwargs: { enable_thinking: false } },
    replay_field: 'reasoning_content',
    count_tokens: 'input_tokens',
  },
  models: [
    {
      match: '*gpt-oss*',
      quirks: {
        effort_field: 'chat_template_kwargs.reasoning_effort',
        efforts: ['low', 'medium', 'high'],
        thinking_on: {},
        thinking_off: null,
      },
    },
  ],
})

export const llamacppAnthropic = defineCompatible({
  name: 'llamacpp-anthropic',
  baseUrl: 'http://localhost:8080',
  auth: 'bearer',
  secret: null,
  more: ['top_k', 'metadata'],
})
