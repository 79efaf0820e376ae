/**
 * Alibaba's Qwen, DashScope, Model Studio (https://www.alibabacloud.com/help/en/model-studio). In
 * China `base_url` is `https://dashscope.aliyuncs.com/compatible-mode/v1`.
 */
import { anthropicSubset } from '../anthropic-subset.ts'
import { defineVendor } from '../vendor.ts'

/** The vendor `alibaba`: its data, from which its presets are derived. */
export const alibaba = defineVendor({
  name: 'alibaba',
  docs: 'https://www.alibabacloud.com/help/en/model-studio',
  baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
  secret: 'DASHSCOPE_API_KEY',
  protocols: {
    chat: {
      quirks: {
        drop_params: [],
        pdfs: 'none',
        // Five minutes, for models that support it; others ignore it.
        cache_control: 'plain',
        parallel_tool_calls: 'always',
        thinks_by_default: true,
        thinking_on: { enable_thinking: true },
        thinking_off: { enable_thinking: false },
        budget_field: 'thinking_budget',
        // A forced tool is rejected with thinking.
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
          quirks: {
            thinks_by_default: false,
            thinking_on: {},
            thinking_off: {},
            budget_field: null,
          },
        },
      ],
    },
    anthropic: {
      baseUrl: 'https://dashscope-intl.aliyuncs.com/apps/anthropic',
      auth: 'x-api-key',
      quirks: anthropicSubset(['top_k']),
    },
  },
})
