/**
 * The demo: a model without an account, answering inside the gateway (see ../demo/grammar.ts), in three
 * protocols, so that each translation can be tried.
 */
import { demo as app } from '../../demo/server.ts'
import { gemini } from '../../dialects/gemini/index.ts'
import type { GeminiQuirks } from '../../dialects/gemini/quirks.ts'
import { openaiChat } from '../../dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../../dialects/openai-chat/quirks.ts'
import { openaiResponses } from '../../dialects/openai-responses/index.ts'
import type { ResponsesQuirks } from '../../dialects/openai-responses/quirks.ts'
import { definePreset } from '../provider.ts'

const shared = {
  auth: 'none',
  secret: null,
  /** Nothing is sent to the base URL: this answers. */
  fetch: async (request: Request) => app.fetch(request),
} as const

export const demo = definePreset<ChatQuirks>({
  ...shared,
  name: 'demo',
  dialect: openaiChat,
  baseUrl: 'http://demo.invalid/v1',
  quirks: {
    mid_system: 'inline',
    prefill: 'native',
    efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
  },
})

export const demoResponses = definePreset<ResponsesQuirks>({
  ...shared,
  name: 'demo-responses',
  dialect: openaiResponses,
  baseUrl: 'http://demo.invalid/v1',
  quirks: { mid_system: 'inline', efforts: ['low', 'medium', 'high', 'xhigh', 'max'] },
})

export const demoGemini = definePreset<GeminiQuirks>({
  ...shared,
  name: 'demo-gemini',
  dialect: gemini,
  baseUrl: 'http://demo.invalid/v1beta',
  quirks: { json_schemas: true },
})
