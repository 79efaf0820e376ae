import type { Failure } from '../anthropic/error.ts'
import { toErrorBody, toErrorReply } from '../anthropic/error.ts'
import type { Exchange } from './record/exchange.ts'

/** The response to a request that failed, in Anthropic's envelope; the failure is recorded. */
export function failureResponse(exchange: Exchange, failure: Failure): Response {
  const { status, headers, ...rest } = toErrorReply(failure)
  exchange.refused(failure)
  const body = toErrorBody({ status, headers, ...rest }, exchange.record.id)
  return Response.json(body, { status, headers })
}
