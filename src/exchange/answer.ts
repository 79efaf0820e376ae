/**
 * The answer to one call, whoever gives it and in whatever form: attempts in, a response out. When all
 * is over, {@link settle} knows all there is to know of it, also where the client has left.
 */
import type { Context } from 'hono'

import type { WriterOptions } from '../anthropic/answer/writer.ts'
import { toCost } from '../catalog/cost.ts'
import type { AppEnv } from '../http/env.ts'
import type { LogLine } from '../http/middleware/log.ts'
import { answerFailure, toErrorType } from '../http/routes/errors.ts'
import type { Ending, Opened } from '../streaming/pump.ts'
import { pump } from '../streaming/pump.ts'
import type { Form, Reencoder } from '../streaming/reencoder.ts'
import { createReencoder } from '../streaming/reencoder.ts'
import type { Attempts, Prepare, RawReply } from './attempts.ts'
import { createAttempts } from './attempts.ts'
import type { Call } from './call.ts'
import type { Prompt } from './prompt.ts'

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
  const { log, client, waitUntil, timers, now, newId, requestId, requestedModel } = call
  const startedAt = now()
  const attempts = createAttempts(call, prepare)
  const options: WriterOptions = {
    id: newId('msg_'),
    model: requestedModel,
    requestId,
    estimatedInput: prompt.estimateInput,
  }
  const reencoder = createReencoder(options, form)
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  log.ended = ended
  const opened = await pump(attempts.next, reencoder, {
    client,
    waitUntil,
    timers,
    pingAfterMs,
    onContent() {
      log.contentMs = now() - startedAt
      if (form === 'events') {
        // No other target may go on from here.
        prompt.forget()
      }
    },
    onEnd(ending, error) {
      settle(call, attempts, reencoder.outcome(), { ending, error })
      log.isOver = true
      client.release()
      resolve()
    },
  })
  log.headersMs = now() - startedAt
  return toResponse(c, opened, form, {
    raw: attempts.raw(),
    headers: { ...attempts.headers(), 'server-timing': toServerTiming(log) },
  })
}

/** Everything that is known of a call that is over goes to its log line. */
function settle(
  { log, model }: Call,
  attempts: Attempts,
  { usage, stopReason, failure, hasContent, characters }: ReturnType<Reencoder['outcome']>,
  { ending, error }: { ending: Ending; error: unknown },
): void {
  log.ending = ending
  if (hasContent && ending !== 'left') {
    attempts.settle(failure)
  }
  if (failure !== undefined) {
    log.errorType = toErrorType(failure)
  }
  if (usage !== undefined) {
    log.usage = usage
    if (model.price !== undefined) {
      log.costUsd = toCost(usage, model.price)
    }
  }
  log.toldCharacters = characters
  if (stopReason !== undefined) {
    log.stopReason = stopReason
  }
  if (error !== undefined) {
    log.bug = error instanceof Error ? (error.stack ?? error.message) : 'not an Error'
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

function toServerTiming({ headersMs = 0, upstreamMs = 0 }: LogLine): string {
  return `upstream;dur=${upstreamMs}, gateway;dur=${Math.max(0, headersMs - upstreamMs)}`
}
