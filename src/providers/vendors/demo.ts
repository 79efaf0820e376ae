/**
 * The demo: a model that needs no account, answered inside the gateway (see ../../demo/grammar.ts), in
 * three protocols, so that each translation can be tried.
 */
import { demo as app } from '../../demo/server.ts'
import { defineVendor } from '../vendor.ts'

export const demo = defineVendor({
  name: 'demo',
  docs: 'https://docs.claude.com/en/api/messages',
  // Nothing is sent there: `fetch` answers.
  baseUrl: 'http://demo.invalid/v1',
  auth: 'none',
  secret: null,
  fetch: async (request) => app.fetch(request),
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
