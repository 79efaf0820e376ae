/** LM Studio (https://lmstudio.ai/docs/developer/openai-compat). Loads a model when it is first asked. */
import { openaiChat } from '../../dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { openaiResponses as dialect } from '../../dialects/openai-responses/index.ts'
import type { ResponsesQuirks } from '../../dialects/openai-responses/quirks.ts'
import { defineCompatible } from '../anthropic-compatible.ts'
import { definePreset } from '../provider.ts'

export const lmstudio = definePreset<ChatQuirks>({
  name: 'lmstudio',
  dialect: openaiChat,
  baseUrl: 'http://localhost:1234/v1',
  auth: 'bearer',
  secret: null,
  quirks: {
    drop_params: [],
    image_urls: false,
    pdfs: 'none',
    // `failed to parse grammar`
    simplify_schemas: true,
    // `Invalid tool_choice type: 'object'. Supported string values: none, auto, required`
    tool_choice_named: 'only',
    parallel_tool_calls: 'never',
    thinks_by_default: true,
    thinking_off: null,
    replay: 'never',
  },
  models: [{ match: '*gpt-oss*', quirks: { efforts: ['low', 'medium', 'high'] } }],
})

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

/** Its Anthropic API, from 0.4.1 on. */
export const lmstudioAnthropic = defineCompatible({
  name: 'lmstudio-anthropic',
  baseUrl: 'http://localhost:1234',
  auth: 'x-api-key',
  secret: null,
  more: ['top_k'],
  quirks: { cache_control: 'none' },
})
