/** Responds to every failure in Anthropic's envelope. */
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'

import type { Failure } from '../../anthropic/error.ts'
import { GatewayError } from '../../anthropic/error.ts'
import { failureResponse, toRequestFailure } from '../../exchange/failure-response.ts'
import type { AppEnv } from '../env.ts'

/**
 * Responds to any error that was thrown. One that is not a {@link GatewayError} is a bug of the
 * gateway: it is logged, and the client gets a fixed message.
 */
export function answerError(error: Error, c: Context<AppEnv>): Response {
  if (!(error instanceof GatewayError) && !(error instanceof HTTPException)) {
    c.get('exchange').crashed(error)
  }
  return failureResponse(c.get('exchange'), toFailure(error))
}

/** Responds to an unknown path. */
export function answerNotFound(c: Context<AppEnv>): Response {
  const message = `Not found: ${c.req.method} ${c.req.path}. This gateway serves /v1/messages, /v1/messages/count_tokens and /v1/models; use its origin as the base URL.`
  return failureResponse(c.get('exchange'), { kind: 'not_found', message })
}

/** Responds to a known path with an unsupported method. */
export function answerMethodNotAllowed(allowed: string) {
  return function refuseMethod(c: Context<AppEnv>): Response {
    const { method } = c.req
    return failureResponse(c.get('exchange'), { kind: 'method_not_allowed', method, allowed })
  }
}

function toFailure(error: Error): Failure {
  if (error instanceof HTTPException && error.status < 500) {
    return { kind: 'invalid_request', message: 'The request could not be read.' }
  }
  return toRequestFailure(error) ?? { kind: 'internal' }
}
