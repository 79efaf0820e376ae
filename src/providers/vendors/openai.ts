/**
 * OpenAI: chat completions, and the Responses API for the models that are served there alone, or do
 * not think beside tools elsewhere.
 */
import { openaiChat } from '../../dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { openaiResponses as responses } from '../../dialects/openai-responses/index.ts'
import type { ResponsesQuirks } from '../../dialects/openai-responses/quirks.ts'
import { chatModels } from '../openai/chat-models.ts'
import { responsesModels, responsesQuirks } from '../openai/responses-models.ts'
import { definePreset } from '../provider.ts'

export const openai = definePreset<ChatQuirks, ResponsesQuirks>({
  name: 'openai',
  dialect: openaiChat,
  baseUrl: 'https://api.openai.com/v1',
  aiGatewayPath: 'openai',
  auth: 'bearer',
  secret: 'OPENAI_API_KEY',
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
})

/** The same models, all on the Responses API. */
export const openaiResponses = definePreset<ResponsesQuirks>({
  name: 'openai-responses',
  dialect: responses,
  baseUrl: 'https://api.openai.com/v1',
  aiGatewayPath: 'openai',
  auth: 'bearer',
  secret: 'OPENAI_API_KEY',
  quirks: responsesQuirks,
  models: responsesModels,
})
