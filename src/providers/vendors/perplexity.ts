/** Perplexity (https://docs.perplexity.ai): its Agent API, which has taken the place of chat completions. */
import { openaiResponses as dialect } from '../../dialects/openai-responses/index.ts'
import type { ResponsesQuirks } from '../../dialects/openai-responses/quirks.ts'
import { definePreset } from '../provider.ts'

export const perplexity = definePreset<ResponsesQuirks>({
  name: 'perplexity',
  dialect,
  baseUrl: 'https://api.perplexity.ai/v1',
  auth: 'bearer',
  secret: 'PERPLEXITY_API_KEY',
  quirks: {
    // Fields that it does not know are refused.
    store_field: false,
    session_fields: [],
    thinking_on: {},
    replay: 'never',
    media_in_outputs: false,
  },
})
