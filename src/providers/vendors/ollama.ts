/** Ollama, local or in its cloud (https://docs.ollama.com/api/openai-compatibility). */
import { anthropicSubset } from '../anthropic-subset.ts'
import { defineVendor } from '../vendor.ts'

/** The vendor `ollama`: its data, from which its presets are derived. */
export const ollama = defineVendor({
  name: 'ollama',
  docs: 'https://docs.ollama.com/api/openai-compatibility',
  baseUrl: 'http://localhost:11434/v1',
  secret: null,
  protocols: {
    chat: {
      quirks: {
        // Only base64.
        image_urls: false,
        pdfs: 'none',
        // It has no such field, and would ignore it silently.
        tool_choice_any: 'hint',
        tool_choice_named: 'hint',
        tool_choice_none: 'omit_tools',
        parallel_tool_calls: 'never',
        // A model without thinking rejects an effort: set `thinking: false` in the catalog.
        thinks_by_default: true,
        thinking_off: { reasoning_effort: 'none' },
        efforts: ['low', 'medium', 'high', 'max'],
        replay_field: 'reasoning',
      },
      models: [
        { match: '*gpt-oss*', quirks: { efforts: ['low', 'medium', 'high'], thinking_off: null } },
      ],
    },
    /**
     * Ollama's Responses API, which is stateless. Reasoning is returned in `encrypted_content`, in plain
     * text.
     */
    responses: {
      quirks: {
        image_urls: false,
        pdfs: false,
        tool_choice_any: 'hint',
        tool_choice_named: 'hint',
        tool_choice_none: 'omit_tools',
        parallel_tool_calls: 'never',
        thinks_by_default: true,
        thinking_off: { reasoning: { effort: 'none' } },
        efforts: ['low', 'medium', 'high', 'max'],
        replay_scope: 'provider',
        session_fields: [],
      },
      models: [
        { match: '*gpt-oss*', quirks: { efforts: ['low', 'medium', 'high'], thinking_off: null } },
      ],
    },
    /**
     * Ollama's Anthropic API (https://docs.ollama.com/api/anthropic-compatibility): no forced tools, no
     * caching.
     */
    anthropic: {
      baseUrl: 'http://localhost:11434',
      quirks: anthropicSubset(['top_k'], { cache_control: 'none' }),
    },
  },
})
