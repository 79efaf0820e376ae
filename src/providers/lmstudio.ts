/** LM Studio (https://lmstudio.ai/docs/developer/openai-compat). Loads a model when it is first asked. */
import { openaiResponses as dialect } from '../dialects/openai-responses/index.ts'
import type { ResponsesQuirks } from '../dialects/openai-responses/quirks.ts'
import { definePreset } from './provider.ts'

export const lmstudioResponses = definePreset<ResponsesQuirks>({
  name: 'lmstudio-responses',
  dialect,
  baseUrl: 'http://localhost:1234/v1',
  auth: 'bearer',
  secret: null,
  quirks: {
    image_urls: false,
    pdfs: false,
    media_in_outputs: false,
    // `failed to parse grammar`
    simplify_schemas: true,
    parallel_tool_calls: 'never',
    thinks_by_default: true,
    thinking_on: {},
    efforts: [],
    replay: 'never',
    session_fields: [],
  },
  models: [{ match: '*gpt-oss*', quirks: { efforts: ['low', 'medium', 'high'] } }],
})
