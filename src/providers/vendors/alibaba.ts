/**
 * Alibaba's Qwen, DashScope, Model Studio (https://www.alibabacloud.com/help/en/model-studio). In
 * China `base_url` is `https://dashscope.aliyuncs.com/compatible-mode/v1`.
 */
import { openaiChat } from '../../dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { defineCompatible } from '../anthropic-compatible.ts'
import { definePreset } from '../provider.ts'

export const alibaba = definePreset<ChatQuirks>({
  name: 'alibaba',
  dialect: openaiChat,
  baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
  auth: 'bearer',
  secret: 'DASHSCOPE_API_KEY',
  quirks: {
    drop_params: [],
    pdfs: 'none',
    // For five minutes, with the models that have it; others ignore it.
    cache_control: 'plain',
    parallel_tool_calls: 'always',
    thinks_by_default: true,
    thinking_on: { enable_thinking: true },
    thinking_off: { enable_thinking: false },
    budget_field: 'thinking_budget',
    // Beside thinking a forced tool is refused.
    forced_while_thinking: 'drop_thinking',
    structured_output: 'json_object',
    // `parameter.enable_thinking must be set to false for non-streaming calls`,
    // `This model only support stream mode`
    stream_only: true,
  },
  models: [
    { match: 'deepseek-v4*', quirks: { efforts: ['high', 'max'], budget_field: null } },
    { match: 'qwq*', quirks: { thinking_on: {}, thinking_off: null } },
    {
      match: '*-thinking*',
      quirks: { thinking_off: null, forced_while_thinking: 'drop_force' },
    },
    {
      match: '*-instruct*',
      quirks: { thinks_by_default: false, thinking_on: {}, thinking_off: {}, budget_field: null },
    },
  ],
})

export const alibabaAnthropic = defineCompatible({
  name: 'alibaba-anthropic',
  baseUrl: 'https://dashscope-intl.aliyuncs.com/apps/anthropic',
  auth: 'x-api-key',
  secret: 'DASHSCOPE_API_KEY',
  more: ['top_k'],
})
