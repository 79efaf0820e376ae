/**
 * MiniMax (https://platform.minimax.io/docs), which recommends Anthropic's protocol. In China the
 * host is `api.minimaxi.com`.
 */
import { anthropicSubset } from '../anthropic-subset.ts'
import { defineVendor } from '../vendor.ts'

/** The vendor `minimax`: its data, from which its presets are derived. */
export const minimax = defineVendor({
  name: 'minimax',
  docs: 'https://platform.minimax.io/docs',
  baseUrl: 'https://api.minimax.io/v1',
  secret: 'MINIMAX_API_KEY',
  protocols: {
    chat: {
      quirks: {
        max_tokens_field: 'max_completion_tokens',
        pdfs: 'none',
        cache_control: 'plain',
        // It has no such field.
        tool_choice_any: 'hint',
        tool_choice_named: 'hint',
        tool_choice_none: 'omit_tools',
        parallel_tool_calls: 'never',
        stop: 'gateway',
        structured_output: 'none',
        thinks_by_default: true,
        thinking_on: { thinking: { type: 'adaptive' } },
        thinking_off: { thinking: { type: 'disabled' } },
        // Reasoning is separate from the content, in `reasoning_details`, which must be returned
        // complete.
        extra_body: { reasoning_split: true },
      },
      models: [
        { match: 'MiniMax-M2*', quirks: { images: false, thinking_on: {}, thinking_off: null } },
      ],
    },
    anthropic: {
      baseUrl: 'https://api.minimax.io/anthropic',
      auth: 'x-api-key',
      quirks: anthropicSubset(['metadata']),
    },
  },
})
