import type { Failure } from '../anthropic/error.ts'
import { GatewayError, toErrorBody, toErrorReply } from '../anthropic/error.ts'
import type { Exchange } from './record/exchange.ts'

/** The response to a request that failed, in Anthropic's envelope; the failure is recorded. */
export function failureResponse(exchange: Exchange, failure: Failure): Response {
  const { status, headers, ...rest } = toErrorReply(failure)
  exchange.refused(failure)
  const body = toErrorBody({ status, headers, ...rest }, exchange.record.id)
  return Response.json(body, { status, headers })
}

/**
 * The failure that something thrown while a request was processed stands for; undefined for a bug. A
 * stack that overflows is the request's fault: nothing else that is processed here is nested.
 */
export function toRequestFailure(error: unknown): Failure | undefined {
  if (error instanceof GatewayError) {
    return error.failure
  }
  return error instanceof RangeError
    ? {
        kind: 'invalid_request',
        message:
          'The request is nested too deeply, or has too many values in one place, to be processed.',
      }
    : undefined
}
