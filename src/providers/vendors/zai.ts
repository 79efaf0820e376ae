/**
 * Z.ai, Zhipu's GLM (https://docs.z.ai). For its coding plan `base_url` is
 * `https://api.z.ai/api/coding/paas/v4`, in China `https://open.bigmodel.cn/api/paas/v4`.
 */
import { anthropicSubset } from '../anthropic-subset.ts'
import { defineVendor } from '../vendor.ts'

/** The vendor `zai`: its data, from which its presets are derived. */
export const zai = defineVendor({
  name: 'zai',
  docs: 'https://docs.z.ai',
  baseUrl: 'https://api.z.ai/api/paas/v4',
  secret: 'ZAI_API_KEY',
  protocols: {
    chat: {
      quirks: {
        pdfs: 'none',
        // Only `auto` is documented (https://docs.z.ai/api-reference/llm/chat-completion).
        tool_choice_any: 'hint',
        tool_choice_named: 'hint',
        tool_choice_none: 'omit_tools',
        parallel_tool_calls: 'never',
        thinks_by_default: true,
        // Otherwise it discards earlier reasoning, which must be returned byte for byte.
        thinking_on: { thinking: { type: 'enabled', clear_thinking: false } },
        thinking_off: { thinking: { type: 'disabled' } },
        replay_field: 'reasoning_content',
        stop: 1,
        structured_output: 'json_object',
        stream_usage: false,
        // A value of 6 to 128 characters.
        session_fields: ['user_id'],
        // Otherwise arguments are not streamed.
        extra_body_with_tools: { tool_stream: true },
      },
      models: [
        {
          match: 'glm-4-*',
          quirks: { thinks_by_default: false, thinking_on: {}, thinking_off: {} },
        },
        { match: 'glm-4.1v*', quirks: { think_tags: true, thinking_on: {}, thinking_off: null } },
        { match: 'glm-z1*', quirks: { think_tags: true, thinking_on: {}, thinking_off: null } },
        { match: 'glm-5.2*', quirks: { efforts: ['low', 'medium', 'high', 'xhigh', 'max'] } },
        // `please use low, high, or max`
        { match: 'glm-5.3*', quirks: { efforts: ['low', 'high', 'max'], thinking_off: null } },
      ],
    },
    anthropic: {
      baseUrl: 'https://api.z.ai/api/anthropic',
      auth: 'x-api-key',
      quirks: anthropicSubset(['top_k', 'metadata']),
    },
  },
})
