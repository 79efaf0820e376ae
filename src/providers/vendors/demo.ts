/**
 * The demo: a model that needs no account, answered inside the gateway (see ../../demo/demo-model.ts), in
 * three protocols, so that each translation can be tried.
 */
import { defineVendor } from '../vendor.ts'

/** Set by a build's `--define DEMO:false`, which leaves the code of the demo out of the bundle. */
declare const DEMO: boolean | undefined

function notBundled(): Response {
  const message = 'The demo provider is not part of this deployment (it was built with DEMO:false).'
  return Response.json({ error: { message } }, { status: 404 })
}

export const demo = defineVendor({
  name: 'demo',
  docs: 'https://docs.claude.com/en/api/messages',
  // Nothing is sent there: `fetch` handles requests.
  baseUrl: 'http://demo.invalid/v1',
  auth: 'none',
  secret: null,
  // workerd parses every module at start: the dynamic import saves only the evaluation, the define
  // also the parsing.
  fetch: async (request) =>
    typeof DEMO === 'undefined' || DEMO
      ? (await import('../../demo/server.ts')).serveDemo(request)
      : notBundled(),
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
