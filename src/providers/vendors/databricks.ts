/** Databricks' foundation models (https://docs.databricks.com/aws/en/machine-learning/foundation-model-apis). */
import { gptOss } from '../gpt-oss.ts'
import { defineVendor } from '../vendor.ts'

/** The vendor `databricks`: its data, from which its presets are derived. */
export const databricks = defineVendor({
  name: 'databricks',
  docs: 'https://docs.databricks.com/aws/en/machine-learning/foundation-model-apis',
  baseUrlExample: 'https://WORKSPACE/serving-endpoints',
  secret: 'DATABRICKS_TOKEN',
  protocols: {
    chat: {
      quirks: { pdfs: 'none' },
      models: [
        {
          match: '*claude*',
          quirks: {
            cache_control: true,
            // Anthropic's form, which requires a budget: the minimal one if the client sets none.
            thinking_on: { thinking: { type: 'enabled', budget_tokens: 1024 } },
            budget_field: 'thinking.budget_tokens',
            budget_range: [1024, 128_000],
            drop_params_thinking: ['temperature', 'top_p', 'top_k'],
            forced_while_thinking: 'drop_thinking',
          },
        },
        { match: '*gpt-oss*', quirks: gptOss },
        {
          match: '*gpt-5*',
          quirks: {
            max_tokens_field: 'max_completion_tokens',
            thinks_by_default: true,
            thinking_off: null,
            efforts: ['minimal', 'low', 'medium', 'high'],
            drop_params_thinking: ['temperature', 'top_p'],
          },
        },
      ],
    },
  },
})
