import { toErrorBody, toErrorReply } from '../anthropic/error-reply.ts'
import type { Failure } from '../anthropic/error.ts'
import { GatewayError } from '../anthropic/error.ts'
import type { Exchange } from './record/exchange.ts'

/** Records a failure, and returns the response in Anthropic's envelope. */
export function failureResponse(exchange: Exchange, failure: Failure): Response {
  const { status, headers, ...rest } = toErrorReply(failure)
  exchange.refused(failure)
  const body = toErrorBody({ status, headers, ...rest }, exchange.record.id)
  return Response.json(body, { status, headers })
}

/**
 * The failure for an error that was thrown while a request was processed; undefined for a bug. A
 * stack overflow is the request's fault, since only requests are deeply nested.
 */
export function toRequestFailure(error: unknown): Failure | undefined {
  if (error instanceof GatewayError) {
    return error.failure
  }
  return error instanceof RangeError
    ? {
        kind: 'invalid_request',
        message:
          'The request is nested too deeply, or has too many values at one level, to be processed.',
      }
    : undefined
}
