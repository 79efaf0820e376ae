/** xAI (https://docs.x.ai). Its chat completions are deprecated and hand no reasoning out. */
import { openaiChat } from '../../dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { openaiResponses as dialect } from '../../dialects/openai-responses/index.ts'
import type { ResponsesQuirks } from '../../dialects/openai-responses/quirks.ts'
import { definePreset } from '../provider.ts'

/** Thinks or not as its name says: `Model … does not support parameter reasoningEffort.` */
const fixed: Partial<ResponsesQuirks> = { efforts: [], thinking_on: {}, thinking_off: {} }
const fixedOff: Partial<ResponsesQuirks> = { ...fixed, thinks_by_default: false }

export const xai = definePreset<ResponsesQuirks>({
  name: 'xai',
  dialect,
  baseUrl: 'https://api.x.ai/v1',
  aiGatewayPath: 'grok/v1',
  auth: 'bearer',
  secret: 'XAI_API_KEY',
  quirks: {
    // Roles may stand in any order.
    mid_system: 'inline',
    media_in_outputs: false,
    thinks_by_default: true,
    // `This model does not support 'reasoning_effort' value 'none'`
    thinking_off: null,
    replay_scope: 'provider',
  },
  models: [
    { match: 'grok-2*', quirks: fixedOff },
    { match: 'grok-3', quirks: fixedOff },
    { match: 'grok-3-fast*', quirks: fixedOff },
    { match: 'grok-3-mini*', quirks: { efforts: ['low', 'high'] } },
    { match: 'grok-4', quirks: fixed },
    { match: 'grok-4-*', quirks: fixed },
    { match: 'grok-4.20*', quirks: fixed },
    { match: 'grok-code*', quirks: fixed },
    { match: '*non-reasoning*', quirks: { thinks_by_default: false } },
    { match: 'grok-4.3*', quirks: { thinking_off: { reasoning: { effort: 'none' } } } },
    { match: 'grok-4.6*', quirks: { efforts: ['low', 'medium', 'high', 'xhigh'] } },
  ],
})

const chatFixed: Partial<ChatQuirks> = { efforts: [], thinking_on: {}, thinking_off: {} }

/** Its chat completions. */
export const xaiChat = definePreset<ChatQuirks>({
  name: 'xai-chat',
  dialect: openaiChat,
  baseUrl: 'https://api.x.ai/v1',
  aiGatewayPath: 'grok/v1',
  auth: 'bearer',
  secret: 'XAI_API_KEY',
  quirks: {
    max_tokens_field: 'max_completion_tokens',
    output_excludes_reasoning: true,
    // Roles may stand in any order.
    mid_system: 'inline',
    pdfs: 'none',
    strict_output: true,
    thinks_by_default: true,
    // `This model does not support 'reasoning_effort' value 'none'`
    thinking_off: null,
    efforts: ['low', 'medium', 'high'],
    // Reasoning models refuse it, and penalties.
    drop_params_thinking: ['stop'],
    // Keeps a conversation where its prefix is cached.
    session_headers: ['x-grok-conv-id'],
  },
  models: [
    { match: 'grok-2*', quirks: { ...chatFixed, thinks_by_default: false } },
    { match: 'grok-3*', quirks: { ...chatFixed, thinks_by_default: false } },
    {
      match: 'grok-3-mini*',
      quirks: { efforts: ['low', 'high'], thinks_by_default: true, thinking_off: null },
    },
    { match: 'grok-4', quirks: chatFixed },
    { match: 'grok-4-*', quirks: chatFixed },
    { match: 'grok-4.20*', quirks: chatFixed },
    { match: 'grok-code*', quirks: chatFixed },
    { match: '*non-reasoning*', quirks: { thinks_by_default: false } },
    { match: 'grok-4.3*', quirks: { thinking_off: { reasoning_effort: 'none' } } },
    { match: 'grok-4.6*', quirks: { efforts: ['low', 'medium', 'high', 'xhigh'] } },
  ],
})
