/**
 * Hugging Face's router (https://huggingface.co/docs/inference-providers). A model is `org/name`,
 * or `org/name:provider` for a provider that the router does not choose.
 */
import { gptOss } from '../gpt-oss.ts'
import { defineVendor } from '../vendor.ts'

/** The vendor `huggingface`: its data, from which its presets are derived. */
export const huggingface = defineVendor({
  name: 'huggingface',
  docs: 'https://huggingface.co/docs/inference-providers',
  baseUrl: 'https://router.huggingface.co/v1',
  secret: 'HF_TOKEN',
  protocols: {
    chat: {
      quirks: { pdfs: 'none' },
      models: [
        { match: '*gpt-oss*', quirks: gptOss },
        { match: '*Kimi*', quirks: { tool_ids: 'kimi' } },
        { match: '*istral*', quirks: { tool_ids: 'alnum9' } },
      ],
    },
  },
})
