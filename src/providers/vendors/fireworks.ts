/** Fireworks (https://docs.fireworks.ai). Models are named `accounts/fireworks/models/…`. */
import { defineVendor } from '../vendor.ts'

/** The vendor `fireworks`: its data, from which its presets are derived. */
export const fireworks = defineVendor({
  name: 'fireworks',
  docs: 'https://docs.fireworks.ai',
  baseUrl: 'https://api.fireworks.ai/inference/v1',
  secret: 'FIREWORKS_API_KEY',
  protocols: {
    chat: {
      quirks: {
        drop_params: [],
        pdfs: 'none',
        tool_choice_any: 'any',
        // An effort or a budget, never both.
        thinking_off: { reasoning_effort: 'none' },
        efforts: ['low', 'medium', 'high'],
        session_fields: ['prompt_cache_key'],
        // A prompt that is too long would be truncated silently.
        extra_body: { context_length_exceeded_behavior: 'error' },
      },
      models: [
        { match: '*gpt-oss*', quirks: { thinks_by_default: true, thinking_off: null } },
        { match: '*kimi*', quirks: { tool_ids: 'kimi' } },
        { match: '*llama-v3*', quirks: { efforts: [], thinking_off: {} } },
      ],
    },
  },
})
