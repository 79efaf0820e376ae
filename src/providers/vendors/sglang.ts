/** SGLang, self-hosted (https://docs.sglang.ai). Tools need `--tool-call-parser`. */
import { anthropicSubset } from '../anthropic-subset.ts'
import { defineVendor } from '../vendor.ts'

/** The vendor `sglang`: its data, from which its presets are derived. */
export const sglang = defineVendor({
  name: 'sglang',
  docs: 'https://docs.sglang.ai',
  baseUrlExample: 'http://localhost:30000/v1',
  secret: null,
  protocols: {
    chat: {
      quirks: {
        drop_params: [],
        pdfs: 'none',
        prefill: 'native',
        prefill_body: { continue_final_message: true },
        thinks_by_default: true,
        // `thinking` is the argument of DeepSeek's template.
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
    },
    anthropic: {
      baseUrlExample: 'http://localhost:30000',
      quirks: anthropicSubset(['top_k']),
    },
  },
})
