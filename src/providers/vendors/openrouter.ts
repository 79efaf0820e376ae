/** OpenRouter (https://openrouter.ai/docs). */
import { anthropicSubset } from '../anthropic-subset.ts'
import { defineVendor } from '../vendor.ts'

/** The vendor `openrouter`: its data, from which its presets are derived. */
export const openrouter = defineVendor({
  name: 'openrouter',
  docs: 'https://openrouter.ai/docs',
  baseUrl: 'https://openrouter.ai/api/v1',
  aiGateway: 'openrouter',
  secret: 'OPENROUTER_API_KEY',
  protocols: {
    chat: {
      quirks: {
        // Accepts all parameters and omits those that a model does not support.
        drop_params: [],
        // PDFs for any model, by URL too (https://openrouter.ai/docs/features/multimodal/pdfs).
        pdf_urls: true,
        // One `reasoning` object for all models, an effort or a budget in it
        // (https://openrouter.ai/docs/use-cases/reasoning-tokens).
        thinking_on: { reasoning: { enabled: true } },
        thinking_off: { reasoning: { enabled: false } },
        effort_field: 'reasoning.effort',
        efforts: ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
        budget_field: 'reasoning.max_tokens',
        budget_range: [1024, 128_000],
        replay_field: 'reasoning',
        // Routes a conversation to the provider that has it cached.
        session_fields: ['session_id'],
        // Otherwise a provider may be chosen that ignores tools (`No endpoints found that support
        // tool use`).
        extra_body_with_tools: { provider: { require_parameters: true } },
        // https://openrouter.ai/docs/guides/features/server-tools/web-search
        web_search: {
          tool: { type: 'openrouter:web_search' },
          price: 10,
          allowed_hosts: { path: 'parameters.allowed_domains' },
          blocked_hosts: { path: 'parameters.excluded_domains' },
          location: 'parameters.user_location',
          max_uses: 'parameters.max_uses',
          with_functions: true,
        },
      },
      models: [
        // It is a 404 for other models: `No endpoints found that support cache control`.
        { match: 'anthropic/*', quirks: { cache_control: true } },
      ],
    },
    /**
     * OpenRouter's Responses API. A prompt that is too long is answered as truncated by length, so that
     * clients do not know to compact: prefer chat completions.
     */
    responses: {
      quirks: {
        // Output items in the history require an id and a status.
        output_items: true,
        drop_params: [],
        thinking_on: { reasoning: { enabled: true, summary: 'auto' } },
        thinking_off: { reasoning: { enabled: false } },
        efforts: ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
        budget_field: 'reasoning.max_tokens',
        budget_range: [1024, 128_000],
        // Reasoning of models without encryption has other state (`signature`, `format`).
        replay: 'text',
        session_fields: ['session_id', 'prompt_cache_key'],
        extra_body_with_tools: { provider: { require_parameters: true } },
      },
    },
    /**
     * OpenRouter's Anthropic API (https://openrouter.ai/docs/api-reference/anthropic-messages), for any of
     * its models.
     */
    anthropic: {
      baseUrl: 'https://openrouter.ai/api',
      // It supports the `ttl` of `cache_control`.
      quirks: anthropicSubset(
        ['top_k', 'metadata', 'context_management', 'provider', 'plugins', 'models', 'session_id'],
        { cache_control: 'as_is' },
      ),
    },
  },
})
