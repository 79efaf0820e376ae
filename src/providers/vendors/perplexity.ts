/** Perplexity (https://docs.perplexity.ai): its Agent API, which replaced chat completions. */
import { defineVendor } from '../vendor.ts'

/** The vendor `perplexity`: its data, from which its presets are derived. */
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
        // https://docs.perplexity.ai/docs/agent-api/tools/web-search
        web_search: {
          tool: { type: 'web_search' },
          price: 5,
          allowed_hosts: { path: 'filters.search_domain_filter', most: 20 },
          blocked_hosts: { path: 'filters.search_domain_filter', most: 20, prefix: '-' },
          location: 'user_location',
          with_functions: true,
        },
      },
    },
  },
  names: { responses: 'perplexity' },
})
