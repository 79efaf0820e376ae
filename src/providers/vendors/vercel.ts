/** Vercel AI Gateway (https://vercel.com/docs/ai-gateway): many vendors' models, as `vendor/model`. */
import { anthropicSubset } from '../anthropic-subset.ts'
import { defineVendor } from '../vendor.ts'

/** The vendor `vercel`: its data, from which its presets are derived. */
export const vercel = defineVendor({
  name: 'vercel',
  docs: 'https://vercel.com/docs/ai-gateway',
  baseUrl: 'https://ai-gateway.vercel.sh/v1',
  secret: 'AI_GATEWAY_API_KEY',
  protocols: {
    chat: {
      quirks: {
        // One `reasoning` object for all models, an effort or a budget in it.
        thinking_on: { reasoning: { enabled: true } },
        thinking_off: { reasoning: { enabled: false } },
        effort_field: 'reasoning.effort',
        efforts: ['minimal', 'low', 'medium', 'high', 'xhigh'],
        budget_field: 'reasoning.max_tokens',
        budget_range: [1024, 128_000],
        replay_field: 'reasoning',
      },
      models: [
        {
          match: 'anthropic/*',
          quirks: { cache_control: true, forced_while_thinking: 'drop_thinking' },
        },
      ],
    },
    responses: {
      quirks: {
        // It adapts the effort to the model.
        efforts: ['minimal', 'low', 'medium', 'high', 'xhigh'],
        thinking_off: { reasoning: { effort: 'none' } },
        // Reasoning of models without encryption has other state.
        replay: 'text',
        output_items: true,
      },
    },
    /**
     * Vercel's Anthropic API (https://vercel.com/docs/ai-gateway/anthropic-compat), for any of its models.
     */
    anthropic: {
      baseUrl: 'https://ai-gateway.vercel.sh',
      quirks: anthropicSubset(['top_k', 'metadata'], { cache_control: 'as_is' }),
    },
  },
  names: { chat: 'vercel-gateway' },
})
