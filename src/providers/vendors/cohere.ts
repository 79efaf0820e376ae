/** Cohere, by its compatibility API (https://docs.cohere.com/docs/compatibility-api). */
import { defineVendor } from '../vendor.ts'

/** The vendor `cohere`: its data, from which its presets are derived. */
export const cohere = defineVendor({
  name: 'cohere',
  docs: 'https://docs.cohere.com/docs/compatibility-api',
  baseUrl: 'https://api.cohere.ai/compatibility/v1',
  secret: 'COHERE_API_KEY',
  protocols: {
    chat: {
      quirks: {
        pdfs: 'none',
        // Its own API has REQUIRED and NONE, and no names.
        tool_choice_named: 'only',
        parallel_tool_calls: 'never',
        // Its compatibility API has no field for it.
        replay: 'never',
      },
      models: [
        {
          match: '*reasoning*',
          quirks: {
            thinks_by_default: true,
            efforts: ['high'],
            thinking_off: { reasoning_effort: 'none' },
          },
        },
      ],
    },
  },
})
