/**
 * NVIDIA NIM (https://docs.api.nvidia.com/nim). A self-hosted NIM has the URL
 * `http://host:8000/v1`.
 */
import { gptOss } from '../gpt-oss.ts'
import { defineVendor } from '../vendor.ts'

/** The vendor `nvidia`: its data, from which its presets are derived. */
export const nvidia = defineVendor({
  name: 'nvidia',
  docs: 'https://docs.api.nvidia.com/nim',
  baseUrl: 'https://integrate.api.nvidia.com/v1',
  secret: 'NVIDIA_API_KEY',
  protocols: {
    chat: {
      quirks: {
        pdfs: 'none',
        // The switch belongs to the model's template, under one name or the other.
        thinking_on: { chat_template_kwargs: { enable_thinking: true, thinking: true } },
        thinking_off: { chat_template_kwargs: { enable_thinking: false, thinking: false } },
      },
      models: [
        { match: '*gpt-oss*', quirks: { ...gptOss, thinking_on: {} } },
        { match: '*llama-3*', quirks: { thinking_on: {}, thinking_off: {} } },
        { match: '*mistral*', quirks: { thinking_on: {}, thinking_off: {}, tool_ids: 'alnum9' } },
        { match: '*kimi*', quirks: { tool_ids: 'kimi' } },
      ],
    },
  },
})
