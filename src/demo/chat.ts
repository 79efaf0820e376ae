/**
 * The demo provider: a chat completions server that runs inside the gateway, so that everything can be
 * tried without an account. The protocol only; what is said is in grammar.ts.
 */
import { Hono } from 'hono'
import * as z from 'zod/mini'

import { estimateText } from '../tokens/estimate.ts'
import { toChunks, toCompletion } from './completion.ts'
import type { Completion } from './completion.ts'
import { answer } from './grammar.ts'
import { chatRequest, promptText, toConversation, toLimits } from './request.ts'
import type { ChatRequest } from './request.ts'
import { speak } from './speech.ts'

const models = [{ id: 'demo', object: 'model', created: 1_790_812_800, owned_by: 'demo' }]

/** Answers `POST /v1/chat/completions` and `GET /v1/models`; any model name and any key will do. */
export const demo = new Hono()
  .basePath('/v1')
  .get('/models', (context) => context.json({ object: 'list', data: models }))
  .post('/chat/completions', async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined)
    const parsed = z.safeParse(chatRequest, body)
    return parsed.success ? complete(parsed.data) : refuse(400, describe(parsed.error.issues[0]))
  })

demo.notFound((context) =>
  refuse(404, `Unknown request URL: ${context.req.method} ${context.req.path}.`),
)

function complete(request: ChatRequest): Response {
  const completion: Completion = {
    id: newId('chatcmpl-'),
    created: Math.floor(Date.now() / 1000),
    model: request.model,
    speech: speak(answer(toConversation(request)), toLimits(request)),
    promptTokens: estimateText(promptText(request)),
    callId: newId('call_'),
  }
  return request.stream === true
    ? stream(toChunks(completion, request.stream_options?.include_usage === true))
    : Response.json(toCompletion(completion))
}

/** One event at a time, as fast as they are read. */
function stream(chunks: Generator<object>): Response {
  const encoder = new TextEncoder()
  const events = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const { done, value } = chunks.next()
      const data = done === true ? '[DONE]' : JSON.stringify(value)
      controller.enqueue(encoder.encode(`data: ${data}\n\n`))
      if (done === true) {
        controller.close()
      }
    },
  })
  return new Response(events, { headers: { 'content-type': 'text/event-stream' } })
}

function refuse(status: number, message: string): Response {
  const error = { message, type: 'invalid_request_error', param: null, code: null }
  return Response.json({ error }, { status })
}

function describe(issue: z.core.$ZodIssue | undefined): string {
  const path = issue?.path.join('.') ?? ''
  return path === ''
    ? 'We could not parse the JSON body of your request.'
    : `Invalid '${path}': ${issue?.message}.`
}

function newId(prefix: string): string {
  return prefix + crypto.randomUUID().replaceAll('-', '')
}
