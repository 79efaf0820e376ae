/** Errors of `generateContent`: as a response or in a stream, as an object or in a list. */
import type { Failure } from '../../../anthropic/error.ts'
import type { TargetModel, UpstreamReply } from '../../dialect.ts'
import { isErrorBody } from '../../shared/errors/error-body.ts'
import { toEventFailure, toReplyFailure } from '../../shared/errors/upstream-error.ts'

/** Classifies a response with an error status. */
export function toFailure(reply: UpstreamReply, target: TargetModel): Failure {
  return toReplyFailure(reply, target)
}

/** Finds an error in a chunk, or in a response with status 200; undefined if there is none. */
export function findError(body: unknown, target: TargetModel): Failure | undefined {
  return isErrorBody(body) ? toEventFailure(body, target) : undefined
}

/**
 * The failure for a finish reason that means that the model's output is unusable; a retry usually
 * helps.
 */
export function toUnusableFailure(word: string, provider: string): Failure {
  return {
    kind: 'upstream_error',
    provider,
    status: 502,
    type: 'api_error',
    message: `${provider}: the answer ended before it was complete (finishReason: ${word}).`,
  }
}
