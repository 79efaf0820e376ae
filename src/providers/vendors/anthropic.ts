/** Anthropic itself: https://docs.claude.com/en/api/overview. */
import { defineVendor } from '../vendor.ts'

/** The vendor `anthropic`: its data, from which its presets are derived. */
export const anthropic = defineVendor({
  name: 'anthropic',
  docs: 'https://docs.claude.com/en/api/overview',
  baseUrl: 'https://api.anthropic.com',
  aiGateway: 'anthropic',
  auth: 'x-api-key',
  secret: 'ANTHROPIC_API_KEY',
  protocols: {
    anthropic: { quirks: { omit_refused: false, unsigned_thinking: false } },
  },
  names: { anthropic: 'anthropic' },
})
