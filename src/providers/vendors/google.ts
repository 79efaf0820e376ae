/**
 * Google: the Gemini API (https://ai.google.dev/api) and Vertex AI
 * (https://docs.cloud.google.com/vertex-ai/generative-ai/docs), each in its own protocol and in that of
 * chat completions, and Claude on Vertex AI.
 *
 * Vertex AI has its project and location in the base URL, which the catalog sets:
 *
 *   vertex, vertex-anthropic   https://us-east5-aiplatform.googleapis.com/v1/projects/P/locations/us-east5
 *                              https://aiplatform.googleapis.com/v1/projects/P/locations/global
 *   vertex-compat              as above with /endpoints/openapi
 *
 * Its secret is the JSON key file of a service account.
 */
import { vertexAnthropic } from '../../dialects/anthropic/hosts/index.ts'
import type { GeminiQuirks } from '../../dialects/gemini/quirks.ts'
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { claudeHost } from '../claude-host.ts'
import { defineVendor } from '../vendor.ts'

/** The newest rule, for Gemini 4 and every later model; older models are the exceptions below. */
const newest: Partial<GeminiQuirks> = {
  json_schemas: true,
  media_urls: true,
  signed_calls: true,
  media_in_responses: true,
  efforts: ['minimal', 'low', 'medium', 'high', 'xhigh'],
  // https://ai.google.dev/gemini-api/docs/google-search; models before 3 refuse functions beside it, later
  // ones require the state of its calls back.
  web_search: { tool: { googleSearch: {} }, price: 14, with_functions: false },
}

/** Gemini models before 3. */
const older: Partial<GeminiQuirks> = {
  signed_calls: false,
  media_in_responses: false,
  plain_output_with_tools: true,
  efforts: [],
}

/** Models without thinking, which do not fetch media by URL. */
const withoutThinking: Partial<GeminiQuirks> = {
  ...older,
  media_urls: false,
  thinks_by_default: false,
  thinking_on: {},
  thinking_off: {},
}

/**
 * The rules of models. Levels: https://ai.google.dev/gemini-api/docs/thinking#levels, budgets:
 * https://ai.google.dev/gemini-api/docs/thinking#set-budget
 */
const models: { match: string; quirks: Partial<GeminiQuirks> }[] = [
  { match: '*gemini*pro*', quirks: { efforts: ['low', 'medium', 'high', 'xhigh'] } },
  { match: '*gemini-3*', quirks: { efforts: ['minimal', 'low', 'medium', 'high'] } },
  { match: '*gemini-3*pro*', quirks: { efforts: ['low', 'medium', 'high'] } },
  { match: '*gemini-3-pro*', quirks: { efforts: ['low', 'high'] } },
  {
    match: '*gemini-2.5*',
    quirks: { ...older, budget_range: [1, 24_576], thinking_off: { thinkingBudget: 0 } },
  },
  {
    match: '*gemini-2.5-pro*',
    // Thinking cannot be turned off; this is the minimum.
    quirks: { budget_range: [128, 32_768], thinking_off: { thinkingBudget: 128 } },
  },
  {
    match: '*gemini-2.5-flash-lite*',
    quirks: {
      budget_range: [512, 24_576],
      thinks_by_default: false,
      // -1: the model decides.
      thinking_on: { includeThoughts: true, thinkingBudget: -1 },
    },
  },
  { match: '*gemini-2.0*', quirks: withoutThinking },
  { match: '*gemini-1*', quirks: withoutThinking },
  { match: '*gemma*', quirks: withoutThinking },
]

/** Gemini behind chat completions: https://ai.google.dev/gemini-api/docs/openai. */
const compat: Partial<ChatQuirks> = {
  // `Tool name is required for Gemini requests`.
  tool_result_names: true,
  // Unknown fields are rejected (`Unknown name`).
  parallel_tool_calls: 'never',
  drop_schema_keywords: [
    '$schema',
    '$id',
    'const',
    'examples',
    'exclusiveMinimum',
    'exclusiveMaximum',
    'multipleOf',
    'patternProperties',
    'propertyNames',
    'unevaluatedProperties',
    'uniqueItems',
    'contains',
    'dependentRequired',
    'dependentSchemas',
    'if',
    'then',
    'else',
    'not',
  ],
  image_urls: false,
  pdfs: 'none',
  call_state_lost: {
    extra_content: { google: { thought_signature: 'skip_thought_signature_validator' } },
  },
  thinks_by_default: true,
  thinking_off: null,
  efforts: ['minimal', 'low', 'medium', 'high'],
  // Thoughts are counted only in the total.
  output_excludes_reasoning: true,
}

const compatModels: { match: string; quirks: Partial<ChatQuirks> }[] = [
  { match: '*gemini*pro*', quirks: { efforts: ['low', 'medium', 'high'] } },
  { match: '*gemini-2*', quirks: { call_state_lost: {} } },
  {
    match: '*gemini-2.5-flash*',
    quirks: { thinking_off: { reasoning_effort: 'none' }, efforts: ['low', 'medium', 'high'] },
  },
  { match: '*gemini-2.0*', quirks: { thinks_by_default: false, thinking_off: {}, efforts: [] } },
  { match: '*gemma*', quirks: { thinks_by_default: false, thinking_off: {}, efforts: [] } },
]

/** The vendor `gemini`: its data, from which its presets are derived. */
export const gemini = defineVendor({
  name: 'gemini',
  genAiProvider: 'gcp.gemini',
  docs: 'https://ai.google.dev/api',
  baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  aiGateway: 'google-ai-studio/v1beta',
  secret: 'GEMINI_API_KEY',
  protocols: {
    gemini: {
      auth: 'x-goog-api-key',
      quirks: { ...newest, call_ids: true },
      models: [...models, { match: '*gemini-2*', quirks: { call_ids: false } }],
    },
    chat: {
      baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
      quirks: compat,
      models: compatModels,
    },
  },
  names: { gemini: 'gemini', chat: 'gemini-compat' },
})

/** The vendor `vertex`: its data, from which its presets are derived. */
export const vertex = defineVendor({
  name: 'vertex',
  genAiProvider: 'gcp.vertex_ai',
  docs: 'https://docs.cloud.google.com/vertex-ai/generative-ai/docs',
  baseUrlExample: 'https://aiplatform.googleapis.com/v1/projects/PROJECT/locations/global',
  auth: 'google-oauth',
  secret: 'GOOGLE_SERVICE_ACCOUNT',
  hasModelList: false,
  protocols: {
    gemini: {
      quirks: { ...newest, model_path: '/publishers/google/models/', count_body: 'plain' },
      models,
    },
    /** Models are named `google/gemini-3-flash-preview`, `meta/llama-4-maverick-17b-128e-instruct-maas`. */
    chat: {
      baseUrlExample:
        'https://aiplatform.googleapis.com/v1/projects/PROJECT/locations/global/endpoints/openapi',
      models: [
        { match: 'google/*', quirks: compat },
        ...compatModels.map(({ match, quirks }) => ({ match: `google/${match}`, quirks })),
        // Thinks, returns no reasoning, and counts it separately.
        { match: 'xai/*', quirks: { output_excludes_reasoning: true } },
      ],
    },
    anthropic: { host: vertexAnthropic, quirks: claudeHost() },
  },
  names: { gemini: 'vertex', chat: 'vertex-compat' },
})
