/**
 * The demo: a model that needs no account, answered inside the gateway (see ../../demo/demo-model.ts), in
 * three protocols, so that each translation can be tried.
 */
import { defineVendor } from '../vendor.ts'

/** The vendor `demo`: its data, from which its presets are derived. */
export const demo = defineVendor({
  name: 'demo',
  docs: 'https://docs.claude.com/en/api/messages',
  // Nothing is sent there: `fetch` handles requests.
  baseUrl: 'http://demo.invalid/v1',
  auth: 'none',
  secret: null,
  isDemo: true,
  fetch: async (request) => (await import('../../demo/server.ts')).serveDemo(request),
  protocols: {
    chat: {
      quirks: {
        mid_system: 'inline',
        prefill: 'native',
        efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
      },
    },
    responses: {
      quirks: { mid_system: 'inline', efforts: ['low', 'medium', 'high', 'xhigh', 'max'] },
    },
    gemini: { baseUrl: 'http://demo.invalid/v1beta', quirks: { json_schemas: true } },
  },
})
