/** xAI (https://docs.x.ai). Its chat completions are deprecated and return no reasoning. */
import type { ThinkingQuirks } from '../../dialects/shared/thinking/thinking-quirks.ts'
import { defineVendor } from '../vendor.ts'

/**
 * Models whose thinking is fixed by their name: `Model … does not support parameter
 * reasoningEffort.`
 */
const fixed: Partial<ThinkingQuirks> = { efforts: [], thinking_on: {}, thinking_off: {} }
const fixedOff: Partial<ThinkingQuirks> = { ...fixed, thinks_by_default: false }

const upToHigh: ThinkingQuirks['efforts'] = ['low', 'medium', 'high']

/** The rules from Grok 4 on. `off`: what turns the thinking of those off that think optionally. */
function fromGrok4(off: ThinkingQuirks['thinking_off']) {
  return [
    { match: 'grok-4', quirks: fixed },
    { match: 'grok-4-*', quirks: fixed },
    { match: 'grok-4.20*', quirks: fixed },
    { match: 'grok-code*', quirks: fixed },
    { match: '*non-reasoning*', quirks: { thinks_by_default: false } },
    { match: 'grok-4.3*', quirks: { efforts: upToHigh, thinking_off: off } },
    { match: 'grok-4.5*', quirks: { efforts: upToHigh } },
  ]
}

/** The vendor `xai`: its data, from which its presets are derived. */
export const xai = defineVendor({
  name: 'xai',
  genAiProvider: 'x_ai',
  docs: 'https://docs.x.ai',
  baseUrl: 'https://api.x.ai/v1',
  aiGateway: 'grok/v1',
  secret: 'XAI_API_KEY',
  protocols: {
    responses: {
      quirks: {
        // Roles may be in any order.
        mid_system: 'inline',
        media_in_outputs: false,
        thinks_by_default: true,
        // `This model does not support 'reasoning_effort' value 'none'`
        thinking_off: null,
        replay_scope: 'provider',
        // Grok 4.6 and every later model: the newest rule.
        efforts: ['low', 'medium', 'high', 'xhigh'],
        // https://docs.x.ai/docs/guides/tools/search-tools
        web_search: {
          tool: { type: 'web_search' },
          price: 5,
          allowed_hosts: { path: 'filters.allowed_domains', most: 5 },
          blocked_hosts: { path: 'filters.excluded_domains', most: 5 },
          with_functions: true,
          include: ['web_search_call.action.sources'],
        },
      },
      models: [
        { match: 'grok-2*', quirks: fixedOff },
        { match: 'grok-3', quirks: fixedOff },
        { match: 'grok-3-fast*', quirks: fixedOff },
        { match: 'grok-3-mini*', quirks: { efforts: ['low', 'high'] } },
        ...fromGrok4({ reasoning: { effort: 'none' } }),
      ],
    },
    /** The chat completions of xAI. */
    chat: {
      quirks: {
        max_tokens_field: 'max_completion_tokens',
        output_excludes_reasoning: true,
        // Roles may be in any order.
        mid_system: 'inline',
        pdfs: 'none',
        strict_output: true,
        thinks_by_default: true,
        // `This model does not support 'reasoning_effort' value 'none'`
        thinking_off: null,
        // Grok 4.6 and every later model: the newest rule.
        efforts: ['low', 'medium', 'high', 'xhigh'],
        // Reasoning models reject it, and penalties.
        drop_params_thinking: ['stop'],
        // Routes a conversation to where its prefix is cached.
        session_headers: ['x-grok-conv-id'],
      },
      models: [
        { match: 'grok-2*', quirks: fixedOff },
        { match: 'grok-3*', quirks: fixedOff },
        {
          match: 'grok-3-mini*',
          quirks: { efforts: ['low', 'high'], thinks_by_default: true, thinking_off: null },
        },
        ...fromGrok4({ reasoning_effort: 'none' }),
      ],
    },
  },
  names: { responses: 'xai', chat: 'xai-chat' },
})
