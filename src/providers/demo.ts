/** The demo: a model without an account, answering inside the gateway (see ../demo/grammar.ts). */
import { demo as app } from '../demo/chat.ts'
import { openaiChat } from '../dialects/openai-chat/index.ts'
import type { ChatQuirks } from '../dialects/openai-chat/quirks.ts'
import { definePreset } from './provider.ts'

export const demo = definePreset<ChatQuirks>({
  name: 'demo',
  dialect: openaiChat,
  /** Nothing is sent there: `fetch` answers. */
  baseUrl: 'http://demo.invalid/v1',
  auth: 'none',
  secret: null,
  quirks: {
    mid_system: 'inline',
    prefill: 'native',
    efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
  },
  fetch: async (request) => app.fetch(request),
})
