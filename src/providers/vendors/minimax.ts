/**
 * MiniMax (https://platform.minimax.io/docs), which recommends Anthropic's protocol. In China the
 * host is `api.minimaxi.com`.
 */
import { openaiChat } from '../../dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { defineCompatible } from '../anthropic-compatible.ts'
import { definePreset } from '../provider.ts'

export const minimax = definePreset<ChatQuirks>({
  name: 'minimax',
  dialect: openaiChat,
  baseUrl: 'https://api.minimax.io/v1',
  auth: 'bearer',
  secret: 'MINIMAX_API_KEY',
  quirks: {
    max_tokens_field: 'max_completion_tokens',
    pdfs: 'none',
    cache_control: 'plain',
    // Not among its fields.
    tool_choice_any: 'hint',
    tool_choice_named: 'hint',
    tool_choice_none: 'omit_tools',
    parallel_tool_calls: 'never',
    stop: 'gateway',
    structured_output: 'none',
    thinks_by_default: true,
    thinking_on: { thinking: { type: 'adaptive' } },
    thinking_off: { thinking: { type: 'disabled' } },
    // Reasoning apart from the content, in `reasoning_details`; it must go back whole.
    extra_body: { reasoning_split: true },
  },
  models: [
    { match: 'MiniMax-M2*', quirks: { images: false, thinking_on: {}, thinking_off: null } },
  ],
})

export const minimaxAnthropic = defineCompatible({
  name: 'minimax-anthropic',
  baseUrl: 'https://api.minimax.io/anthropic',
  auth: 'x-api-key',
  secret: 'MINIMAX_API_KEY',
  more: ['metadata'],
})
