/** Perplexity (https://docs.perplexity.ai): its Agent API, which replaced chat completions. */
import { defineVendor } from '../vendor.ts'

export const perplexity = defineVendor({
  name: 'perplexity',
  docs: 'https://docs.perplexity.ai',
  baseUrl: 'https://api.perplexity.ai/v1',
  secret: 'PERPLEXITY_API_KEY',
  protocols: {
    responses: {
      quirks: {
        // Unknown fields are rejected.
        store_field: false,
        session_fields: [],
        thinking_on: {},
        replay: 'never',
        media_in_outputs: false,
      },
    },
  },
  names: { responses: 'perplexity' },
})
