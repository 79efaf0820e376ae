/**
 * Azure OpenAI, Microsoft Foundry (https://learn.microsoft.com/azure/ai-foundry/openai). A model is
 * called as its deployment is; what is known of OpenAI's models holds where it is named after them.
 */
import { anthropic } from '../../dialects/anthropic/index.ts'
import { openaiChat } from '../../dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { openaiResponses as dialect } from '../../dialects/openai-responses/index.ts'
import type { ResponsesQuirks } from '../../dialects/openai-responses/quirks.ts'
import { chatModels } from '../openai/chat-models.ts'
import { responsesModels, responsesQuirks } from '../openai/responses-models.ts'
import { definePreset } from '../provider.ts'

/** DeepSeek R1 and Microsoft's MAI-DS-R1: `tool_choice: Input should be a valid string`. */
const r1: Partial<ChatQuirks> = {
  think_tags: true,
  tool_choice_named: 'only',
  thinks_by_default: true,
  thinking_off: null,
  max_tokens_field: 'max_tokens',
  images: false,
}

export const azure = definePreset<ChatQuirks, ResponsesQuirks>({
  name: 'azure',
  dialect: openaiChat,
  // https://<resource>.openai.azure.com/openai/v1
  auth: 'api-key',
  secret: 'AZURE_OPENAI_API_KEY',
  // It lists what can be deployed, not what is.
  lists: false,
  quirks: {
    // Reasoning models refuse `max_tokens`.
    max_tokens_field: 'max_completion_tokens',
    mid_system: 'inline',
    strict_tools: true,
    strict_output: true,
    // Only its Responses API reads files.
    pdfs: 'none',
    session_fields: ['prompt_cache_key'],
  },
  models: [...chatModels, { match: '*-R1*', quirks: r1 }, { match: '*-r1*', quirks: r1 }],
})

export const azureResponses = definePreset<ResponsesQuirks>({
  name: 'azure-responses',
  dialect,
  // https://<resource>.openai.azure.com/openai/v1
  auth: 'api-key',
  secret: 'AZURE_OPENAI_API_KEY',
  // It lists what can be deployed, not what is.
  lists: false,
  quirks: {
    ...responsesQuirks,
    // Whatever is deployed there: nothing is said that was not asked for.
    thinking_off: {},
    session_fields: ['prompt_cache_key'],
    drop_params: ['top_k', 'service_tier'],
  },
  models: responsesModels,
})

/** Claude in Microsoft Foundry: Anthropic's own servers, so nothing is left out. */
export const azureAnthropic = definePreset({
  name: 'azure-anthropic',
  dialect: anthropic,
  // https://<resource>.services.ai.azure.com/anthropic
  auth: 'x-api-key',
  secret: 'AZURE_FOUNDRY_API_KEY',
})
