/**
 * OpenAI's models on the Responses API, which Azure serves too. Defaults and efforts by model:
 * https://platform.openai.com/docs/guides/reasoning.
 */
import type { ResponsesQuirks } from '../../dialects/openai-responses/quirks.ts'

interface Rule {
  match: string
  quirks: Partial<ResponsesQuirks>
}

/** Quirks of an unknown model, which probably always thinks. */
export const responsesQuirks: Partial<ResponsesQuirks> = {
  mid_system: 'inline',
  strict_tools: true,
  strict_output: true,
  thinks_by_default: true,
  thinking_off: null,
  // Any model of the organization can decrypt it.
  replay_scope: 'provider',
  // `integer below minimum value. Expected a value >= 16`
  min_output_tokens: 16,
  drop_params: ['top_k'],
  // `Unsupported parameter: 'temperature' is not supported with this model.`
  drop_params_thinking: ['temperature', 'top_p'],
  // At most 64 characters (https://platform.openai.com/docs/guides/safety-best-practices).
  session_fields: ['prompt_cache_key', 'safety_identifier'],
  // https://platform.openai.com/docs/guides/tools-web-search
  web_search: {
    tool: { type: 'web_search' },
    price: 10,
    allowed_hosts: { path: 'filters.allowed_domains', most: 100 },
    location: 'user_location',
    with_functions: true,
    include: ['web_search_call.action.sources'],
  },
}

const none: ResponsesQuirks['thinking_off'] = { reasoning: { effort: 'none' } }

/**
 * GPT-6 and every later model: the newest rule. Thinks by default, has message phases, and accepts
 * only temperature 1, thinking or not.
 */
export const newest: Partial<ResponsesQuirks> = {
  efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
  thinks_by_default: true,
  thinking_off: none,
  phases: true,
  drop_params: ['temperature', 'top_p', 'top_k'],
}

/** Overrides the newest rule for models without phases. */
const withoutPhases: Partial<ResponsesQuirks> = {
  phases: false,
  drop_params: responsesQuirks.drop_params ?? [],
}

/** Models without thinking. `Encrypted content is not supported with this model.` */
const plain: Partial<ResponsesQuirks> = {
  ...withoutPhases,
  efforts: [],
  thinks_by_default: false,
  thinking_on: {},
  thinking_off: {},
  include_reasoning: false,
}

const upToHigh: ResponsesQuirks['efforts'] = ['low', 'medium', 'high']
const upToXhigh: ResponsesQuirks['efforts'] = [...upToHigh, 'xhigh']

/** Models that think on request. */
const optional: Partial<ResponsesQuirks> = {
  ...withoutPhases,
  efforts: upToXhigh,
  thinks_by_default: false,
  thinking_off: none,
}

/** Models that think by default. */
const usual: Partial<ResponsesQuirks> = {
  ...withoutPhases,
  efforts: upToXhigh,
  thinks_by_default: true,
  thinking_off: none,
}

const always: Partial<ResponsesQuirks> = {
  ...withoutPhases,
  efforts: upToXhigh,
  thinks_by_default: true,
  thinking_off: null,
}

/**
 * Models that only the Responses API has, or that cannot think with tools in chat completions. Each
 * rule is complete, since it may apply alone or over others.
 */
export const responsesOnlyModels: readonly Rule[] = [
  { match: '*codex*', quirks: { ...always, efforts: upToHigh } },
  { match: 'gpt-5.1-codex-max*', quirks: always },
  { match: 'gpt-5.2-codex*', quirks: always },
  { match: 'gpt-5.3-codex*', quirks: { ...always, phases: true } },
  { match: 'o*-pro*', quirks: { ...always, efforts: upToHigh } },
  { match: 'gpt-5-pro*', quirks: { ...always, efforts: ['high'] } },
  { match: 'gpt-5.2-pro*', quirks: always },
  { match: 'gpt-5.4*', quirks: { ...optional, phases: true } },
  { match: 'gpt-5.5*', quirks: { ...usual, phases: true } },
  {
    match: 'gpt-5.6*',
    // Accepts only temperature 1, thinking or not.
    quirks: { ...usual, phases: true, drop_params: ['temperature', 'top_p', 'top_k'] },
  },
  { match: 'gpt-5.4-pro*', quirks: { ...always, phases: true } },
  { match: 'gpt-5.5-pro*', quirks: { ...always, phases: true } },
]

/** The rules of models: the newest rule first, then each older model. */
export const responsesModels: readonly Rule[] = [
  { match: 'gpt-*', quirks: newest },
  { match: 'gpt-3*', quirks: plain },
  { match: 'gpt-4*', quirks: plain },
  { match: 'chatgpt-*', quirks: plain },
  { match: 'ft:gpt-4*', quirks: plain },
  { match: 'gpt-oss*', quirks: { ...always, efforts: upToHigh } },
  { match: 'gpt-5', quirks: { ...always, efforts: ['minimal', ...upToHigh] } },
  { match: 'gpt-5-*', quirks: { ...always, efforts: ['minimal', ...upToHigh] } },
  { match: 'gpt-5.2*', quirks: optional },
  { match: 'gpt-5.3*', quirks: optional },
  { match: 'gpt-5.1*', quirks: { ...optional, efforts: upToHigh } },
  // Its thinking cannot be controlled: an effort is rejected.
  { match: 'gpt-5*-chat*', quirks: plain },
  ...responsesOnlyModels,
]
