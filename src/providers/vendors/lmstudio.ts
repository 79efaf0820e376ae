/**
 * LM Studio (https://lmstudio.ai/docs/developer/openai-compat). Loads a model on its first request.
 */
import { anthropicSubset } from '../anthropic-subset.ts'
import { defineVendor } from '../vendor.ts'

/** The vendor `lmstudio`: its data, from which its presets are derived. */
export const lmstudio = defineVendor({
  name: 'lmstudio',
  docs: 'https://lmstudio.ai/docs/developer/openai-compat',
  baseUrl: 'http://localhost:1234/v1',
  secret: null,
  protocols: {
    chat: {
      quirks: {
        drop_params: [],
        image_urls: false,
        pdfs: 'none',
        // `failed to parse grammar`
        simplify_schemas: true,
        // `Invalid tool_choice type: 'object'. Supported string values: none, auto, required`
        tool_choice_named: 'only',
        parallel_tool_calls: 'never',
        thinks_by_default: true,
        thinking_off: null,
        replay: 'never',
      },
      models: [{ match: '*gpt-oss*', quirks: { efforts: ['low', 'medium', 'high'] } }],
    },
    responses: {
      quirks: {
        image_urls: false,
        pdfs: false,
        media_in_outputs: false,
        // `failed to parse grammar`
        simplify_schemas: true,
        parallel_tool_calls: 'never',
        thinks_by_default: true,
        thinking_on: {},
        efforts: [],
        replay: 'never',
        session_fields: [],
      },
      models: [{ match: '*gpt-oss*', quirks: { efforts: ['low', 'medium', 'high'] } }],
    },
    /** LM Studio's Anthropic API, from 0.4.1 on. */
    anthropic: {
      baseUrl: 'http://localhost:1234',
      auth: 'x-api-key',
      quirks: anthropicSubset(['top_k'], { cache_control: 'none' }),
    },
  },
})
