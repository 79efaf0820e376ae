/**
 * OpenAI: chat completions, and the Responses API for models that are served only there, or cannot
 * think with tools elsewhere.
 */
import { chatModels } from '../openai/chat-models.ts'
import { responsesModels, responsesQuirks } from '../openai/responses-models.ts'
import { defineVendor } from '../vendor.ts'

/** The vendor `openai`: its data, from which its presets are derived. */
export const openai = defineVendor({
  name: 'openai',
  docs: 'https://platform.openai.com/docs',
  baseUrl: 'https://api.openai.com/v1',
  aiGateway: 'openai',
  secret: 'OPENAI_API_KEY',
  protocols: {
    chat: {
      quirks: {
        // Reasoning models reject `max_tokens`; for others it is deprecated.
        max_tokens_field: 'max_completion_tokens',
        mid_system: 'inline',
        strict_tools: true,
        strict_output: true,
        // At most 64 characters (https://platform.openai.com/docs/guides/safety-best-practices).
        session_fields: ['prompt_cache_key', 'safety_identifier'],
        // Completions would be stored otherwise
        // (https://platform.openai.com/docs/guides/your-data).
        extra_body: { store: false },
      },
      models: chatModels,
    },
    /** All models on the Responses API. */
    responses: {
      quirks: responsesQuirks,
      models: responsesModels,
    },
  },
})
