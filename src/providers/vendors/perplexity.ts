/** Perplexity (https://docs.perplexity.ai): its Agent API, which has taken the place of chat completions. */
import { defineVendor } from '../vendor.ts'

export const perplexity = defineVendor({
  name: 'perplexity',
  docs: 'https://docs.perplexity.ai',
  baseUrl: 'https://api.perplexity.ai/v1',
  secret: 'PERPLEXITY_API_KEY',
  protocols: {
    responses: {
      quirks: {
        // Fields that it does not know are refused.
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
