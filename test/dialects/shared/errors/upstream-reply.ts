/** Errors of an upstream as the client receives them. */
import { toErrorReply } from '../../../../src/anthropic/error-reply.ts'
import type { TargetModel } from '../../../../src/dialects/dialect.ts'
import { toReplyFailure } from '../../../../src/dialects/shared/errors/upstream-error.ts'

export const target: TargetModel = { provider: 'lab', model: 'model-1', limits: {}, takes: {} }

interface Reply {
  status: number
  type: string
  message: string
  headers: Record<string, string>
}

/** Returns the client's error for an error response of the upstream. */
export function toReply(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Reply {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return toErrorReply(
    toReplyFailure({ status, headers: new Headers(headers), body: text, now: 0 }, target),
  )
}

export const noRetry = { 'x-should-retry': 'false' }
