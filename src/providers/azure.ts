/**
 * Azure OpenAI, Microsoft Foundry (https://learn.microsoft.com/azure/ai-foundry/openai). A model is
 * called as its deployment is; what is known of OpenAI's models holds where it is named after them.
 */
import { openaiResponses as dialect } from '../dialects/openai-responses/index.ts'
import type { ResponsesQuirks } from '../dialects/openai-responses/quirks.ts'
import { responsesModels, responsesQuirks } from './openai-responses-models.ts'
import { definePreset } from './provider.ts'

export const azureResponses = definePreset<ResponsesQuirks>({
  name: 'azure-responses',
  dialect,
  // https://<resource>.openai.azure.com/openai/v1
  auth: 'api-key',
  secret: 'AZURE_OPENAI_API_KEY',
  quirks: {
    ...responsesQuirks,
    // Whatever is deployed there: nothing is said that was not asked for.
    thinking_off: {},
    session_fields: ['prompt_cache_key'],
    drop_params: ['top_k', 'service_tier'],
  },
  models: responsesModels,
})
