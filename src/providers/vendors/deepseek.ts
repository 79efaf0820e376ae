/** DeepSeek (https://api-docs.deepseek.com). */
import { anthropicSubset } from '../anthropic-subset.ts'
import { defineVendor } from '../vendor.ts'

/** The vendor `deepseek`: its data, from which its presets are derived. */
export const deepseek = defineVendor({
  name: 'deepseek',
  docs: 'https://api-docs.deepseek.com',
  baseUrl: 'https://api.deepseek.com',
  aiGateway: 'deepseek',
  secret: 'DEEPSEEK_API_KEY',
  protocols: {
    chat: {
      quirks: {
        // ``unknown variant `image_url`, expected `text` ``
        images: false,
        pdfs: 'none',
        // Thinks by default. An effort must not be sent with `disabled`: `thinking options type
        // cannot be disabled when reasoning_effort is set`.
        thinks_by_default: true,
        thinking_on: { thinking: { type: 'enabled' } },
        thinking_off: { thinking: { type: 'disabled' } },
        efforts: ['low', 'high', 'max'],
        // `Thinking mode does not support this tool_choice`
        forced_while_thinking: 'drop_thinking',
        // `The reasoning_content in the thinking mode must be passed back to the API.` An empty one
        // is accepted.
        replay: 'tool_calls',
        replay_field: 'reasoning_content',
        replay_foreign: true,
        replay_lost: '',
        // No json_schema; json_object requires the word JSON in the prompt.
        structured_output: 'json_object',
        // Its field for `user`, of `[a-zA-Z0-9_-]`.
        session_fields: ['user_id'],
      },
    },
    /** DeepSeek's Responses API, which is stateless and returns reasoning in plain text. */
    responses: {
      quirks: {
        images: false,
        pdfs: false,
        // `No tool output found for tool call …`
        group_calls: true,
        thinks_by_default: true,
        thinking_on: {},
        efforts: ['low', 'high', 'max'],
        include_reasoning: false,
        replay: 'text',
        replay_scope: 'provider',
        reasoning_ids: true,
        structured_output: 'json_object',
      },
    },
    /** Unknown models are mapped to its own: Opus to the larger one, others to the smaller. */
    anthropic: {
      baseUrl: 'https://api.deepseek.com/anthropic',
      auth: 'x-api-key',
      // Accepts these without any effect.
      quirks: anthropicSubset(['top_k', 'metadata'], { call_thinking: 'all' }),
    },
  },
})
