/** OpenAI's models on chat completions, which Azure serves too. */
import { openaiChat as chat } from '../../dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { openaiResponses as responses } from '../../dialects/openai-responses/index.ts'
import { newest, responsesOnlyModels, responsesQuirks } from './responses-models.ts'

/**
 * Reasoning models. Their system role is `developer`, and must not be mixed with `system`, so that
 * later system messages are sent in user turns (https://platform.openai.com/docs/guides/reasoning).
 */
const reasoning: Partial<ChatQuirks> = {
  system_role: 'developer',
  mid_system: 'user_reminder',
  efforts: ['low', 'medium', 'high'],
  thinks_by_default: true,
  thinking_off: null,
  // `Unsupported parameter: 'temperature' is not supported with this model.`
  drop_params_thinking: ['temperature', 'top_p'],
}

/** The quirks of models from gpt-5.1 on: `none` turns thinking off, and `minimal` is not supported. */
const optional: Partial<ChatQuirks> = {
  efforts: ['low', 'medium', 'high'],
  thinking_off: { reasoning_effort: 'none' },
}

const always: Partial<ChatQuirks> = { thinks_by_default: true, thinking_off: null }

/**
 * Models without thinking in requests with tools: `Function tools with reasoning_effort are not
 * supported … in /v1/chat/completions.`
 */
const notWithTools: Partial<ChatQuirks> = { thinking_with_tools: false }

const upToXhigh: ChatQuirks['efforts'] = ['low', 'medium', 'high', 'xhigh']

const ownModels: readonly { match: string; quirks: Partial<ChatQuirks> }[] = [
  { match: 'o1*', quirks: reasoning },
  // `'messages[0].role' does not support 'developer' with this model`, nor `system`.
  { match: 'o1-mini*', quirks: { system_role: 'user', efforts: [] } },
  { match: 'o1-preview*', quirks: { system_role: 'user', efforts: [] } },
  // `Unsupported parameter: 'stop' is not supported with this model.`
  { match: 'o3*', quirks: { ...reasoning, stop: 'gateway' } },
  { match: 'o4*', quirks: { ...reasoning, stop: 'gateway' } },
  // Defaults and efforts by model: https://platform.openai.com/docs/guides/reasoning.
  { match: 'gpt-5*', quirks: { ...reasoning, efforts: ['minimal', 'low', 'medium', 'high'] } },
  { match: 'gpt-5-pro*', quirks: { efforts: ['high'] } },
  { match: 'gpt-5.*', quirks: { ...optional, thinks_by_default: false, efforts: upToXhigh } },
  { match: 'gpt-5.1*', quirks: optional },
  { match: 'gpt-5.1-codex*', quirks: always },
  { match: 'gpt-5.1-codex-max*', quirks: { efforts: upToXhigh } },
  { match: 'gpt-5.4*', quirks: notWithTools },
  { match: 'gpt-5.5*', quirks: { ...notWithTools, thinks_by_default: true } },
  {
    match: 'gpt-5.6*',
    // Accepts only temperature 1, thinking or not.
    quirks: {
      ...notWithTools,
      thinks_by_default: true,
      drop_params: ['temperature', 'top_p', 'top_k'],
    },
  },
  { match: 'gpt-5.*-pro*', quirks: always },
  // Its thinking cannot be controlled: an effort is rejected.
  { match: 'gpt-5.*-chat*', quirks: { ...always, efforts: [] } },
  { match: 'gpt-5-chat*', quirks: { efforts: [], thinks_by_default: false, thinking_off: {} } },
  { match: '*search-preview*', quirks: { drop_params: ['temperature', 'top_p', 'top_k'] } },
]

/** Models that chat completions serves; newer ones are not served with tools there. */
const served = ['gpt-3*', 'gpt-4*', 'gpt-5*', 'gpt-oss*', 'gpt-audio*', 'gpt-realtime*']

/**
 * The rules of models. The first and the last ones select the Responses API: every newer model is
 * served there, and some older ones only there.
 */
export const chatModels = [
  { match: 'gpt-*', dialect: responses, quirks: { ...responsesQuirks, ...newest } },
  ...served.map((match) => ({ match, dialect: chat, quirks: {} })),
  ...ownModels,
  ...responsesOnlyModels.map(({ match, quirks }) => ({
    match,
    dialect: responses,
    quirks: { ...responsesQuirks, ...quirks },
  })),
]
