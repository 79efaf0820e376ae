/** Groq (https://console.groq.com/docs). */
import { gptOss } from '../gpt-oss.ts'
import { defineVendor } from '../vendor.ts'

/** The vendor `groq`: its data, from which its presets are derived. */
export const groq = defineVendor({
  name: 'groq',
  docs: 'https://console.groq.com/docs',
  baseUrl: 'https://api.groq.com/openai/v1',
  aiGateway: 'groq',
  secret: 'GROQ_API_KEY',
  protocols: {
    chat: {
      quirks: {
        max_tokens_field: 'max_completion_tokens',
        pdfs: 'none',
        replay_field: 'reasoning',
      },
      models: [
        {
          match: 'openai/gpt-oss*',
          // The only models with enforced schemas; their thinking cannot be turned off.
          quirks: { ...gptOss, strict_output: true },
        },
        {
          match: 'qwen/qwen3*',
          quirks: {
            thinks_by_default: true,
            thinking_on: { reasoning_effort: 'default' },
            thinking_off: { reasoning_effort: 'none' },
            // Otherwise reasoning is in tags in the content, which is a 400 with tools
            // (https://console.groq.com/docs/reasoning#reasoning-format).
            extra_body: { reasoning_format: 'parsed' },
          },
        },
        // Its template includes the ids of calls in the prompt.
        { match: 'moonshotai/kimi*', quirks: { tool_ids: 'kimi' } },
      ],
    },
  },
})
