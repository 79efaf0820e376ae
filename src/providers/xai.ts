/** xAI (https://docs.x.ai). Its chat completions are deprecated and hand no reasoning out. */
import { openaiResponses as dialect } from '../dialects/openai-responses/index.ts'
import type { ResponsesQuirks } from '../dialects/openai-responses/quirks.ts'
import { definePreset } from './provider.ts'

/** Thinks or not as its name says: `Model … does not support parameter reasoningEffort.` */
const fixed: Partial<ResponsesQuirks> = { efforts: [], thinking_on: {}, thinking_off: {} }

export const xai = definePreset<ResponsesQuirks>({
  name: 'xai',
  dialect,
  baseUrl: 'https://api.x.ai/v1',
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
    { match: 'grok-2*', quirks: { ...fixed, thinks_by_default: false } },
    { match: 'grok-3*', quirks: { ...fixed, thinks_by_default: false } },
    { match: 'grok-3-mini*', quirks: { efforts: ['low', 'high'], thinks_by_default: true } },
    { match: 'grok-4', quirks: fixed },
    { match: 'grok-4-*', quirks: fixed },
    { match: 'grok-4.20*', quirks: fixed },
    { match: 'grok-code*', quirks: fixed },
    { match: '*non-reasoning*', quirks: { thinks_by_default: false } },
    { match: 'grok-4.3*', quirks: { thinking_off: { reasoning: { effort: 'none' } } } },
    { match: 'grok-4.6*', quirks: { efforts: ['low', 'medium', 'high', 'xhigh'] } },
  ],
})
