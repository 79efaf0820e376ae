/**
 * OpenAI: chat completions, and the Responses API for the models that are served there alone, or do
 * not think beside tools elsewhere.
 */
import { chatModels } from '../openai/chat-models.ts'
import { responsesModels, responsesQuirks } from '../openai/responses-models.ts'
import { defineVendor } from '../vendor.ts'

export const openai = defineVendor({
  name: 'openai',
  docs: 'https://platform.openai.com/docs',
  baseUrl: 'https://api.openai.com/v1',
  aiGateway: 'openai',
  secret: 'OPENAI_API_KEY',
  protocols: {
    chat: {
      quirks: {
        // Reasoning models refuse `max_tokens`; for the others it is deprecated.
        max_tokens_field: 'max_completion_tokens',
        mid_system: 'inline',
        strict_tools: true,
        strict_output: true,
        // At most 64 characters (https://platform.openai.com/docs/guides/safety-best-practices).
        session_fields: ['prompt_cache_key', 'safety_identifier'],
        // Completions would be kept otherwise (https://platform.openai.com/docs/guides/your-data).
        extra_body: { store: false },
      },
      models: chatModels,
    },
    /** The same models, all on the Responses API. */
    responses: {
      quirks: responsesQuirks,
      models: responsesModels,
    },
  },
})
