/**
 * The demo provider: a server that runs inside the gateway, so that everything can be tried without
 * an account. It speaks three protocols; what is said is the same in all (grammar.ts).
 */
import { Hono } from 'hono/tiny'

import { answerChat } from './chat.ts'
import { answerGemini } from './gemini.ts'
import { answerResponses } from './responses.ts'
import { refuse } from './serve.ts'

const models = [{ id: 'demo', object: 'model', created: 1_790_812_800, owned_by: 'demo' }]

/** Any model name and any key will do. */
export const demo = new Hono()
  .get('/v1/models', (c) => c.json({ object: 'list', data: models }))
  .post('/v1/chat/completions', async (c) => answerChat(await c.req.json().catch(() => undefined)))
  .post('/v1/responses', async (c) => answerResponses(await c.req.json().catch(() => undefined)))
  .post('/v1beta/models/:call', async (c) =>
    answerGemini(c.req.param('call'), await c.req.json().catch(() => undefined)),
  )

demo.notFound((c) => refuse(404, `Unknown request URL: ${c.req.method} ${c.req.path}.`))
