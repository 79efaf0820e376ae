/**
 * Azure OpenAI, Microsoft Foundry (https://learn.microsoft.com/azure/ai-foundry/openai). A model's
 * name is that of its deployment; rules for OpenAI's models apply if it has their name.
 */
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { chatModels } from '../openai/chat-models.ts'
import { responsesModels, responsesQuirks } from '../openai/responses-models.ts'
import { defineVendor } from '../vendor.ts'

/** DeepSeek R1 and Microsoft's MAI-DS-R1: `tool_choice: Input should be a valid string`. */
const r1: Partial<ChatQuirks> = {
  think_tags: true,
  tool_choice_named: 'only',
  thinks_by_default: true,
  thinking_off: null,
  max_tokens_field: 'max_tokens',
  images: false,
}

/** The vendor `azure`: its data, from which its presets are derived. */
export const azure = defineVendor({
  name: 'azure',
  genAiProvider: 'azure.ai.openai',
  docs: 'https://learn.microsoft.com/azure/ai-foundry/openai',
  baseUrlExample: 'https://RESOURCE.openai.azure.com/openai/v1',
  auth: 'api-key',
  secret: 'AZURE_OPENAI_API_KEY',
  protocols: {
    chat: {
      // It lists models that can be deployed, not those that are.
      hasModelList: false,
      quirks: {
        // Reasoning models reject `max_tokens`.
        max_tokens_field: 'max_completion_tokens',
        mid_system: 'inline',
        strict_tools: true,
        strict_output: true,
        // Only its Responses API supports files.
        pdfs: 'none',
        session_fields: ['prompt_cache_key'],
      },
      models: [...chatModels, { match: '*-R1*', quirks: r1 }, { match: '*-r1*', quirks: r1 }],
    },
    responses: {
      hasModelList: false,
      quirks: {
        ...responsesQuirks,
        // Any model may be deployed there: only fields that the client asked for are sent.
        thinking_off: {},
        session_fields: ['prompt_cache_key'],
        drop_params: ['top_k', 'service_tier'],
      },
      models: responsesModels,
    },
    /** Claude in Microsoft Foundry: Anthropic's own servers, so that nothing is omitted. */
    anthropic: {
      baseUrlExample: 'https://RESOURCE.services.ai.azure.com/anthropic',
      auth: 'x-api-key',
      secret: 'AZURE_FOUNDRY_API_KEY',
      quirks: { omit_refused: false, unsigned_thinking: false },
    },
  },
})
