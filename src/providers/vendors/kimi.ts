/**
 * Moonshot's Kimi (https://platform.moonshot.ai/docs). Keys of moonshot.ai and moonshot.cn are not
 * interchangeable: for the latter `base_url` is `https://api.moonshot.cn/v1`.
 */
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { anthropicSubset } from '../anthropic-subset.ts'
import { defineVendor } from '../vendor.ts'

/** Models that always think, so that a forced tool is dropped. */
const always: Partial<ChatQuirks> = { thinking_off: null, forced_while_thinking: 'drop_force' }

/** K2: thinks by default, and supports no efforts. */
const optional: Partial<ChatQuirks> = {
  thinking_off: { thinking: { type: 'disabled' } },
  forced_while_thinking: 'drop_thinking',
  efforts: [],
}

/** Models that never think, and accept any temperature. */
const plain: Partial<ChatQuirks> = {
  thinks_by_default: false,
  thinking_on: {},
  thinking_off: {},
  drop_params: ['top_k'],
}

/** The vendor `kimi`: its data, from which its presets are derived. */
export const kimi = defineVendor({
  name: 'kimi',
  docs: 'https://platform.moonshot.ai/docs',
  baseUrl: 'https://api.moonshot.ai/v1',
  secret: 'MOONSHOT_API_KEY',
  protocols: {
    chat: {
      quirks: {
        // Its template includes ids in this form in the prompt.
        tool_ids: 'kimi',
        tool_names: 'letter_first',
        schema_form: 'mfjs',
        drop_schema_keywords: ['$schema'],
        // Only base64, or its own files.
        image_urls: false,
        pdfs: 'none',
        prefill: 'native',
        prefill_message: { partial: true },
        thinks_by_default: true,
        // `all`: reasoning of earlier turns is used too.
        thinking_on: { thinking: { type: 'enabled', keep: 'all' } },
        thinking_off: { thinking: { type: 'disabled' } },
        forced_while_thinking: 'drop_thinking',
        // `thinking is enabled but reasoning_content is missing in assistant tool call message at index N`
        replay_field: 'reasoning_content',
        replay_foreign: true,
        replay_lost: ' ',
        // Only one value per mode is accepted; others are a 400.
        drop_params: ['temperature', 'top_p', 'top_k'],
        structured_output: 'json_object',
        session_fields: ['prompt_cache_key'],
      },
      models: [
        // K3 and every later model: the newest rule.
        { match: 'kimi-*', quirks: { ...always, efforts: ['low', 'high', 'max'] } },
        { match: 'kimi-k2*', quirks: optional },
        { match: 'kimi-k2.7-code*', quirks: always },
        { match: 'kimi-k2-*', quirks: plain },
        {
          match: 'kimi-k2-thinking*',
          quirks: { ...always, thinks_by_default: true, drop_params: ['temperature', 'top_k'] },
        },
        { match: 'moonshot-v1*', quirks: { ...plain, tool_choice_any: 'hint' } },
      ],
    },
    /** Kimi's Anthropic API; for its coding plan `base_url` is `https://api.kimi.com/coding`. */
    anthropic: {
      baseUrl: 'https://api.moonshot.ai/anthropic',
      quirks: anthropicSubset([], { call_thinking: 'all' }),
    },
  },
})
