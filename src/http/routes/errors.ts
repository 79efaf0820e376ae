/** Every failure as Anthropic's envelope. */
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'

import type { Failure } from '../../anthropic/error.ts'
import { GatewayError, toErrorBody, toErrorReply } from '../../anthropic/error.ts'
import type { AppEnv } from '../env.ts'

/**
 * Answers whatever was thrown. What is not a {@link GatewayError} is a bug of ours: the client gets a
 * fixed sentence, the log gets the rest.
 */
export function answerError(error: Error, c: Context<AppEnv>): Response {
  if (!(error instanceof GatewayError) && !(error instanceof HTTPException)) {
    c.get('exchange').crashed(error)
  }
  return answerFailure(toFailure(error), c)
}

/** Answers a failure. */
export function answerFailure(failure: Failure, c: Context<AppEnv>): Response {
  const reply = toErrorReply(failure)
  const exchange = c.get('exchange')
  exchange.refused(failure)
  return Response.json(toErrorBody(reply, exchange.record.id), {
    status: reply.status,
    headers: reply.headers,
  })
}

/** A path that is not served. The doubled prefix is served, so a wrong base URL is rarely the cause. */
export function answerNotFound(c: Context<AppEnv>): Response {
  const message = `Not found: ${c.req.method} ${c.req.path}. This gateway serves /v1/messages, /v1/messages/count_tokens and /v1/models; use its origin as the base URL.`
  return answerFailure({ kind: 'not_found', message }, c)
}

/** A known path with a method that it does not take. */
export function answerMethodNotAllowed(allowed: string) {
  return function refuseMethod(c: Context<AppEnv>): Response {
    return answerFailure({ kind: 'method_not_allowed', method: c.req.method, allowed }, c)
  }
}

function toFailure(error: Error): Failure {
  if (error instanceof GatewayError) {
    return error.failure
  }
  if (error instanceof HTTPException && error.status < 500) {
    return { kind: 'invalid_request', message: 'The request could not be read.' }
  }
  return { kind: 'internal' }
}
