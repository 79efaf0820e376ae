/** Cerebras (https://inference-docs.cerebras.ai). Its streams end without `[DONE]`. */
import { gptOss } from '../gpt-oss.ts'
import { defineVendor } from '../vendor.ts'

/** The vendor `cerebras`: its data, from which its presets are derived. */
export const cerebras = defineVendor({
  name: 'cerebras',
  docs: 'https://inference-docs.cerebras.ai',
  baseUrl: 'https://api.cerebras.ai/v1',
  aiGateway: 'cerebras',
  secret: 'CEREBRAS_API_KEY',
  protocols: {
    chat: {
      quirks: {
        max_tokens_field: 'max_completion_tokens',
        pdfs: 'none',
        strict_output: true,
        // Usage is always sent with the finish reason.
        stream_usage: false,
        replay_field: 'reasoning',
      },
      models: [
        {
          match: 'gpt-oss*',
          quirks: { ...gptOss, thinking_off: { reasoning_effort: 'none' } },
        },
        {
          match: '*glm*',
          // Earlier reasoning is read from the content, and kept only on request
          // (https://inference-docs.cerebras.ai/capabilities/reasoning).
          quirks: {
            thinks_by_default: true,
            thinking_off: { reasoning_effort: 'none' },
            replay_field: 'think_tags',
            extra_body: { clear_thinking: false },
          },
        },
      ],
    },
  },
})
