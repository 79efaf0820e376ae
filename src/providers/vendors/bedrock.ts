/**
 * Amazon Bedrock (https://docs.aws.amazon.com/bedrock). The region is in the base URL, which the
 * catalogue says:
 *
 *   bedrock, bedrock-anthropic   https://bedrock-runtime.us-east-1.amazonaws.com
 *   bedrock-mantle               https://bedrock-mantle.us-east-1.api.aws/v1 (some models: /openai/v1)
 *   bedrock-mantle-responses     the same
 *   bedrock-mantle-anthropic     https://bedrock-mantle.us-east-1.api.aws/anthropic
 *
 * The secret is an API key of Bedrock's; or, with `"auth": "sigv4"`, an access key as JSON:
 * `{"access_key_id": …, "secret_access_key": …}`.
 *
 * On the runtime most models go by an inference profile (`us.anthropic.claude-…`): `Invocation of
 * model ID … with on-demand throughput isn't supported`.
 */
import { bedrockAnthropic as invoked } from '../../dialects/anthropic/hosts/bedrock.ts'
import type { BedrockQuirks } from '../../dialects/bedrock/quirks.ts'
import { defineVendor } from '../vendor.ts'

const docs = 'https://docs.aws.amazon.com/bedrock'
const secret = 'AWS_BEARER_TOKEN_BEDROCK'

/** Claude from 4.6 on: thinks as much as the effort says. */
const claude: Partial<BedrockQuirks> = {
  cache_points: ['system', 'messages', 'tools'],
  media_in_results: true,
  result_status: true,
  thinking_on: { additionalModelRequestFields: { thinking: { type: 'adaptive' } } },
  effort_field: 'additionalModelRequestFields.output_config.effort',
  efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
  forced_while_thinking: 'drop_thinking',
  drop_params: [],
  // `temperature` may only be set to 1 when thinking is enabled.
  drop_params_thinking: ['temperature', 'top_p', 'top_k'],
  // `temperature` and `top_p` cannot both be specified for this model.
  one_of_sampling: true,
  structured_output: 'json_schema',
}

/** Claude before that: thinks within a budget, the least one where the client named none. */
const budgeted: Partial<BedrockQuirks> = {
  prefill: 'native',
  thinking_on: {
    additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } },
  },
  efforts: [],
  budget_field: 'additionalModelRequestFields.thinking.budget_tokens',
}

/** Claude before 3.7. */
const thoughtless: Partial<BedrockQuirks> = {
  ...budgeted,
  thinking_on: {},
  budget_field: null,
  structured_output: 'none',
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-supported-models-features.html */
const models: { match: string; quirks: Partial<BedrockQuirks> }[] = [
  { match: '*anthropic.claude*', quirks: claude },
  { match: '*anthropic.claude-*-4-2025*', quirks: { ...budgeted, structured_output: 'none' } },
  { match: '*anthropic.claude-*-4-1-*', quirks: { ...budgeted, structured_output: 'none' } },
  { match: '*anthropic.claude-*-4-5-*', quirks: budgeted },
  { match: '*anthropic.claude-3*', quirks: thoughtless },
  { match: '*anthropic.claude-3-7*', quirks: { ...budgeted, structured_output: 'none' } },
  {
    match: '*amazon.nova*',
    quirks: {
      cache_points: ['system', 'messages'],
      media_in_results: true,
      result_status: true,
      drop_params: [],
      top_k_field: 'additionalModelRequestFields.inferenceConfig.topK',
    },
  },
  {
    match: '*amazon.nova-2*',
    quirks: {
      thinking_on: { additionalModelRequestFields: { reasoningConfig: { type: 'enabled' } } },
      thinking_off: { additionalModelRequestFields: { reasoningConfig: { type: 'disabled' } } },
      effort_field: 'additionalModelRequestFields.reasoningConfig.maxReasoningEffort',
      // Beside `high` no length may be asked for.
      efforts: ['low', 'medium'],
      drop_params_thinking: ['temperature', 'top_p', 'top_k'],
    },
  },
  {
    match: '*openai.gpt-oss*',
    quirks: {
      images: false,
      pdfs: false,
      thinks_by_default: true,
      thinking_off: null,
      efforts: ['low', 'medium', 'high'],
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

export const bedrock = defineVendor({
  name: 'bedrock',
  docs,
  baseUrlExample: 'https://bedrock-runtime.us-east-1.amazonaws.com',
  secret,
  protocols: {
    converse: { models },
    /** Claude by InvokeModel: Anthropic's own bodies, not translated. */
    anthropic: { host: invoked },
  },
  names: { converse: 'bedrock' },
})

export const bedrockMantle = defineVendor({
  name: 'bedrock-mantle',
  docs,
  baseUrlExample: 'https://bedrock-mantle.us-east-1.api.aws/v1',
  secret,
  protocols: {
    chat: {
      quirks: { pdfs: 'none', replay_field: 'reasoning' },
      models: [
        {
          match: '*gpt-oss*',
          quirks: {
            thinks_by_default: true,
            thinking_off: null,
            efforts: ['low', 'medium', 'high'],
          },
        },
        { match: '*kimi*', quirks: { tool_ids: 'kimi' } },
        { match: '*istral*', quirks: { tool_ids: 'alnum9' } },
      ],
    },
    responses: { quirks: { thinks_by_default: true, thinking_off: null } },
    /** Claude's names here carry no version: `anthropic.claude-sonnet-4-6`. */
    anthropic: {
      baseUrlExample: 'https://bedrock-mantle.us-east-1.api.aws/anthropic',
      auth: 'x-api-key',
    },
  },
})
