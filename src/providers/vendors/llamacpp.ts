/** llama.cpp's server (https://github.com/ggml-org/llama.cpp). Tools need `--jinja`, images a projector. */
import { anthropicSubset } from '../anthropic-subset.ts'
import { defineVendor } from '../vendor.ts'

/** The vendor `llamacpp`: its data, from which its presets are derived. */
export const llamacpp = defineVendor({
  name: 'llamacpp',
  docs: 'https://github.com/ggml-org/llama.cpp/tree/master/tools/server',
  baseUrl: 'http://localhost:8080/v1',
  secret: null,
  protocols: {
    chat: {
      quirks: {
        drop_params: [],
        pdfs: 'none',
        // Schemas are compiled into a grammar: `failed to parse grammar`
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
    },
    anthropic: {
      baseUrl: 'http://localhost:8080',
      quirks: anthropicSubset(['top_k', 'metadata']),
    },
  },
})
