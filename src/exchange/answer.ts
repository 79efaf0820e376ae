/**
 * The answer to one call, whoever gives it and in whatever form: attempts in, a response out. When all
 * is over, {@link settle} knows all there is to know of it, also where the client has left.
 */
import type { Context } from 'hono'

import type { Usage } from '../anthropic/answer/message.ts'
import type { TokenUsage } from '../anthropic/answer/part.ts'
import type { WriterOptions } from '../anthropic/answer/writer.ts'
import type { AppEnv } from '../http/env.ts'
import { answerFailure } from '../http/routes/errors.ts'
import type { Ending, Opened } from '../streaming/pump.ts'
import { pump } from '../streaming/pump.ts'
import type { Form, Reencoder } from '../streaming/reencoder.ts'
import { createReencoder } from '../streaming/reencoder.ts'
import type { Prepare, RawReply } from './attempts.ts'
import { createAttempts } from './attempts.ts'
import type { Call } from './call.ts'
import type { Outcome } from './outcome.ts'
import type { Prompt } from './prompt.ts'
import { toServerTiming } from './to-server-timing.ts'

/** Silence after which the client hears something; half of what the shortest-fused proxies allow. */
const pingAfterMs = 10_000

/** How a call is answered: in events or in one piece, and how its targets are asked. */
export interface Asking {
  form: Form
  prepare: Prepare
  prompt: Pick<Prompt, 'estimateInput' | 'forget'>
}

/** Answers a call. What fails before anything was said is answered with its status. */
export async function answerCall(
  c: Context<AppEnv>,
  call: Call,
  { form, prepare, prompt }: Asking,
): Promise<Response> {
  const { exchange, client, waitUntil, timers, newId, requestedModel } = call
  exchange.answering()
  const attempts = createAttempts(call, prepare)
  const options: WriterOptions = {
    id: newId('msg_'),
    model: requestedModel,
    requestId: exchange.record.id,
    estimatedInput: prompt.estimateInput,
  }
  const reencoder = createReencoder(options, form)
  const opened = await pump(attempts.next, reencoder, {
    client,
    waitUntil,
    timers,
    pingAfterMs,
    onContent() {
      exchange.contentStarted()
      if (form === 'events') {
        // No other target may go on from here.
        prompt.forget()
      }
    },
    onEnd(ending, error) {
      const outcome = toOutcome(reencoder.outcome(), ending, error)
      if (outcome.state !== 'disconnected' && reencoder.outcome().hasContent) {
        attempts.settle(outcome.state === 'failed' ? outcome.failure : undefined)
      }
      client.release()
      exchange.finished(outcome)
    },
  })
  exchange.headersReady()
  return toResponse(c, opened, form, {
    raw: attempts.raw(),
    headers: { ...attempts.headers(), 'server-timing': toServerTiming(exchange.record) },
  })
}

function toOutcome(
  { usage, stopReason, failure, characters }: ReturnType<Reencoder['outcome']>,
  ending: Ending,
  bug: unknown,
): Outcome {
  const delivered = { usage: usage && toTokenUsage(usage), characters }
  switch (ending) {
    case 'complete':
      return { state: 'complete', delivered, stopReason }
    case 'failed':
      return { state: 'failed', delivered, failure: failure ?? { kind: 'internal' }, bug }
    case 'left':
      return { state: 'disconnected', delivered }
  }
}

function toTokenUsage(usage: Usage): TokenUsage {
  return {
    input: usage.input_tokens,
    output: usage.output_tokens,
    cacheRead: usage.cache_read_input_tokens,
    cacheWrite: usage.cache_creation_input_tokens,
    thinking: usage.output_tokens_details?.thinking_tokens ?? 0,
  }
}

function toResponse(
  c: Context<AppEnv>,
  opened: Opened,
  form: Form,
  { raw, headers }: { raw: RawReply | undefined; headers: Record<string, string> },
): Response {
  if ('failure' in opened) {
    return raw === undefined
      ? withHeaders(answerFailure(opened.failure, c), headers)
      : new Response(raw.body, { status: raw.status, headers: { ...raw.headers, ...headers } })
  }
  if ('whole' in opened) {
    return new Response(opened.whole, {
      headers: { 'content-type': 'application/json', ...headers },
    })
  }
  const unbuffered = { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' }
  const type = form === 'events' ? 'text/event-stream; charset=utf-8' : 'application/json'
  return new Response(opened.body, { headers: { 'content-type': type, ...headers, ...unbuffered } })
}

function withHeaders(response: Response, headers: Record<string, string>): Response {
  for (const [name, value] of Object.entries(headers)) {
    response.headers.set(name, value)
  }
  return response
}
