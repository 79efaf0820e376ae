/**
 * Amazon Bedrock (https://docs.aws.amazon.com/bedrock). The region is in the base URL, which the
 * catalog sets:
 *
 *   bedrock, bedrock-anthropic   https://bedrock-runtime.us-east-1.amazonaws.com
 *   bedrock-mantle               https://bedrock-mantle.us-east-1.api.aws/v1 (some models: /openai/v1)
 *   bedrock-mantle-responses     as for bedrock-mantle
 *   bedrock-mantle-anthropic     https://bedrock-mantle.us-east-1.api.aws/anthropic
 *
 * The secret is an API key of Bedrock's; or, with `"auth": "sigv4"`, an access key as JSON:
 * `{"access_key_id": …, "secret_access_key": …}`.
 *
 * On the runtime most models are named by an inference profile (`us.anthropic.claude-…`):
 * `Invocation of model ID … with on-demand throughput isn't supported`.
 */
import { bedrockAnthropic as invoked } from '../../dialects/anthropic/hosts/index.ts'
import type { BedrockQuirks } from '../../dialects/bedrock/quirks.ts'
import { claudeHost } from '../claude-host.ts'
import { gptOss } from '../gpt-oss.ts'
import { defineVendor } from '../vendor.ts'

const docs = 'https://docs.aws.amazon.com/bedrock'
const secret = 'AWS_BEARER_TOKEN_BEDROCK'

const disabled = { additionalModelRequestFields: { thinking: { type: 'disabled' } } }

const sampling: BedrockQuirks['drop_params'] = ['temperature', 'top_p', 'top_k']

/**
 * Claude after 5.0 (5.5, Fable 5.1) and every later one: the newest rule. Thinks by default,
 * controlled by the effort, and accepts no sampling parameters and no forced tool
 * (https://docs.claude.com/en/docs/about-claude/models/whats-new).
 */
const claude: Partial<BedrockQuirks> = {
  cache_points: ['system', 'messages', 'tools'],
  media_in_results: true,
  result_status: true,
  thinks_by_default: true,
  thinking_on: { additionalModelRequestFields: { thinking: { type: 'adaptive' } } },
  thinking_off: disabled,
  thinking_display: true,
  effort_field: 'additionalModelRequestFields.output_config.effort',
  efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
  tool_choice_any: 'hint',
  tool_choice_named: 'hint',
  // `temperature` is deprecated for this model.
  drop_params: sampling,
  structured_output: 'json_schema',
}

/** Claude 5.0: a tool can be forced, even with adaptive thinking. */
const claude5: Partial<BedrockQuirks> = { tool_choice_any: 'any', tool_choice_named: 'function' }

/** Claude 4.7 and 4.8: think on request. */
const claude47: Partial<BedrockQuirks> = {
  ...claude5,
  thinks_by_default: false,
  thinking_off: {},
}

/** Claude 4.6: accepts sampling parameters. */
const claude46: Partial<BedrockQuirks> = {
  ...claude47,
  thinking_display: false,
  drop_params: [],
  // `temperature` may only be set to 1 when thinking is enabled.
  drop_params_thinking: sampling,
  // `temperature` and `top_p` cannot both be specified for this model.
  one_of_sampling: true,
}

/** Claude before 4.6: thinks within a budget, the minimal one if the client sets none. */
const budgeted: Partial<BedrockQuirks> = {
  ...claude46,
  prefill: 'native',
  thinking_on: {
    additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } },
  },
  efforts: [],
  budget_field: 'additionalModelRequestFields.thinking.budget_tokens',
  forced_while_thinking: 'drop_thinking',
}

/** Claude before 3.7: does not think. */
const withoutThinking: Partial<BedrockQuirks> = {
  ...budgeted,
  thinking_on: {},
  budget_field: null,
  structured_output: 'none',
}

/** Nova 2 and every later one: the newest rule. */
const nova: Partial<BedrockQuirks> = {
  cache_points: ['system', 'messages'],
  media_in_results: true,
  result_status: true,
  drop_params: [],
  top_k_field: 'additionalModelRequestFields.inferenceConfig.topK',
  thinking_on: { additionalModelRequestFields: { reasoningConfig: { type: 'enabled' } } },
  thinking_off: { additionalModelRequestFields: { reasoningConfig: { type: 'disabled' } } },
  effort_field: 'additionalModelRequestFields.reasoningConfig.maxReasoningEffort',
  // With `high` an output limit is rejected.
  efforts: ['low', 'medium'],
  drop_params_thinking: sampling,
}

/** The first Nova, which does not think. */
const nova1: Partial<BedrockQuirks> = {
  thinking_on: {},
  thinking_off: {},
  efforts: [],
  drop_params_thinking: [],
}

/**
 * The rules of models
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-supported-models-features.html).
 */
const models: { match: string; quirks: Partial<BedrockQuirks> }[] = [
  { match: '*anthropic.claude*', quirks: claude },
  // `claude-sonnet-5`, with or without a date or version; not `claude-sonnet-5-5`.
  ...['sonnet', 'opus', 'haiku', 'fable', 'mythos'].flatMap((line) =>
    ['', '-20*', '-v*'].map((end) => ({
      match: `*anthropic.claude-${line}-5${end}`,
      quirks: claude5,
    })),
  ),
  { match: '*anthropic.claude-*-4-8*', quirks: claude47 },
  { match: '*anthropic.claude-*-4-7*', quirks: claude47 },
  { match: '*anthropic.claude-*-4-6*', quirks: claude46 },
  { match: '*anthropic.claude-*-4-2025*', quirks: { ...budgeted, structured_output: 'none' } },
  { match: '*anthropic.claude-*-4-1-*', quirks: { ...budgeted, structured_output: 'none' } },
  { match: '*anthropic.claude-*-4-5-*', quirks: budgeted },
  { match: '*anthropic.claude-3*', quirks: withoutThinking },
  { match: '*anthropic.claude-3-7*', quirks: { ...budgeted, structured_output: 'none' } },
  { match: '*amazon.nova*', quirks: nova },
  ...['micro', 'lite', 'pro', 'premier'].map((size) => ({
    match: `*amazon.nova-${size}-v1*`,
    quirks: nova1,
  })),
  // GPT and every later model of OpenAI's.
  {
    match: '*openai.*',
    quirks: {
      thinks_by_default: true,
      thinking_off: { additionalModelRequestFields: { reasoning: { effort: 'none' } } },
      effort_field: 'additionalModelRequestFields.reasoning.effort',
      efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
      drop_params: sampling,
    },
  },
  {
    match: '*openai.gpt-oss*',
    quirks: {
      images: false,
      pdfs: false,
      effort_field: 'additionalModelRequestFields.reasoning_effort',
      drop_params: ['top_k'],
      ...gptOss,
    },
  },
  // `User messages cannot contain reasoning content.`
  { match: '*deepseek*', quirks: { images: false, replay: 'never' } },
  { match: '*mistral*', quirks: { tool_ids: 'alnum9' } },
  {
    match: '*cohere*',
    quirks: { images: false, tool_choice_any: 'hint', tool_choice_named: 'hint' },
  },
  { match: '*meta.llama*', quirks: { tool_choice_any: 'hint', tool_choice_named: 'hint' } },
]

/** The vendor `bedrock`: its data, from which its presets are derived. */
export const bedrock = defineVendor({
  name: 'bedrock',
  genAiProvider: 'aws.bedrock',
  docs,
  baseUrlExample: 'https://bedrock-runtime.us-east-1.amazonaws.com',
  secret,
  protocols: {
    converse: { models },
    /** Claude by InvokeModel: Anthropic's own bodies, not translated. */
    anthropic: {
      host: invoked,
      quirks: claudeHost([
        'per-turn-control-2026-07-01',
        'structured-outputs-2025-11-13',
        'web-search-2025-03-05',
      ]),
    },
  },
  names: { converse: 'bedrock' },
})

/** The vendor `bedrock-mantle`: its data, from which its presets are derived. */
export const bedrockMantle = defineVendor({
  name: 'bedrock-mantle',
  genAiProvider: 'aws.bedrock',
  docs,
  baseUrlExample: 'https://bedrock-mantle.us-east-1.api.aws/v1',
  secret,
  protocols: {
    chat: {
      quirks: { pdfs: 'none', replay_field: 'reasoning' },
      models: [
        { match: '*gpt-oss*', quirks: gptOss },
        { match: '*kimi*', quirks: { tool_ids: 'kimi' } },
        { match: '*istral*', quirks: { tool_ids: 'alnum9' } },
      ],
    },
    responses: { quirks: { thinks_by_default: true, thinking_off: null } },
    /** Claude's names have no version here: `anthropic.claude-sonnet-4-6`. */
    anthropic: {
      baseUrlExample: 'https://bedrock-mantle.us-east-1.api.aws/anthropic',
      auth: 'x-api-key',
      quirks: { unsigned_thinking: false },
    },
  },
})
