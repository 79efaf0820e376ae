/** Together (https://docs.together.ai). */
import { gptOss } from '../gpt-oss.ts'
import { defineVendor } from '../vendor.ts'

/** The vendor `together`: its data, from which its presets are derived. */
export const together = defineVendor({
  name: 'together',
  docs: 'https://docs.together.ai',
  baseUrl: 'https://api.together.ai/v1',
  secret: 'TOGETHER_API_KEY',
  protocols: {
    chat: {
      quirks: {
        drop_params: [],
        pdfs: 'none',
        // Models with optional thinking (https://docs.together.ai/docs/reasoning-overview).
        thinking_on: { reasoning: { enabled: true } },
        thinking_off: { reasoning: { enabled: false } },
        replay_field: 'reasoning',
      },
      models: [
        { match: '*gpt-oss*', quirks: { ...gptOss, thinking_on: {} } },
        { match: '*Kimi*', quirks: { tool_ids: 'kimi' } },
      ],
    },
  },
})
