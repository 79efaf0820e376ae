/** Mistral (https://docs.mistral.ai/api). */
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { defineVendor } from '../vendor.ts'

/**
 * Models that think on request, only with effort `high`
 * (https://docs.mistral.ai/capabilities/reasoning).
 */
const optional: Partial<ChatQuirks> = {
  efforts: ['high'],
  thinking_off: { reasoning_effort: 'none' },
}

/** The vendor `mistral`: its data, from which its presets are derived. */
export const mistral = defineVendor({
  name: 'mistral',
  genAiProvider: 'mistral_ai',
  docs: 'https://docs.mistral.ai/api',
  baseUrl: 'https://api.mistral.ai/v1',
  aiGateway: 'mistral/v1',
  secret: 'MISTRAL_API_KEY',
  protocols: {
    chat: {
      quirks: {
        // `Tool call id was … but must be a-z, A-Z, 0-9, with a length of 9.`
        tool_ids: 'alnum9',
        tool_result_names: true,
        tool_choice_any: 'any',
        strict_tools: true,
        strict_output: true,
        // `Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant`
        strict_alternation: true,
        prefill: 'native',
        prefill_message: { prefix: true },
        empty_content: 'empty',
        pdfs: 'document_url',
        pdf_urls: true,
        // Usage is always sent with the finish reason; the field is rejected.
        stream_usage: false,
        session_fields: ['prompt_cache_key'],
      },
      models: [
        { match: 'mistral-small-latest', quirks: optional },
        { match: 'mistral-small-26*', quirks: optional },
        { match: 'mistral-medium-latest', quirks: optional },
        { match: 'mistral-medium-3*', quirks: optional },
        {
          match: 'magistral*',
          quirks: {
            thinks_by_default: true,
            thinking_on: { prompt_mode: 'reasoning' },
            thinking_off: null,
          },
        },
      ],
    },
  },
})
