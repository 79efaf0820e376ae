/** vLLM, self-hosted (https://docs.vllm.ai). Tools need `--enable-auto-tool-choice`. */
import { anthropicSubset } from '../anthropic-subset.ts'
import { defineVendor } from '../vendor.ts'

/** The vendor `vllm`: its data, from which its presets are derived. */
export const vllm = defineVendor({
  name: 'vllm',
  docs: 'https://docs.vllm.ai',
  baseUrlExample: 'http://localhost:8000/v1',
  secret: null,
  protocols: {
    chat: {
      quirks: {
        drop_params: [],
        pdfs: 'none',
        prefill: 'native',
        prefill_body: { continue_final_message: true, add_generation_prompt: false },
        // The arguments of Qwen's and of DeepSeek's template; a template ignores an unknown one.
        thinks_by_default: true,
        thinking_on: { chat_template_kwargs: { enable_thinking: true, thinking: true } },
        thinking_off: { chat_template_kwargs: { enable_thinking: false, thinking: false } },
        // As its own Messages endpoint maps efforts, for every model.
        efforts: ['low', 'medium', 'high'],
        // From 0.11 on; `reasoning_content` before.
        replay_field: 'reasoning',
        count_tokens: 'tokenize',
      },
      models: [
        // Its template supports efforts and cannot turn thinking off.
        {
          match: '*gpt-oss*',
          quirks: { thinking_on: {}, thinking_off: null },
        },
      ],
    },
    /** The Responses API of vLLM. */
    responses: {
      quirks: {
        // Returned items are validated like its own output, ids included.
        output_items: true,
        drop_params: ['service_tier'],
        pdfs: false,
        media_in_outputs: false,
        thinks_by_default: true,
        thinking_on: {},
        efforts: [],
        // `Encrypted content is not supported.`
        include_reasoning: false,
        replay: 'text',
        replay_scope: 'provider',
      },
      models: [
        { match: '*gpt-oss*', quirks: { efforts: ['low', 'medium', 'high'], thinking_off: null } },
      ],
    },
    /** The Anthropic API of vLLM, of versions from the end of 2025 on. */
    anthropic: {
      baseUrlExample: 'http://localhost:8000',
      quirks: anthropicSubset(['top_k', 'metadata']),
    },
  },
})
