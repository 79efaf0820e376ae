/**
 * Errors of Bedrock: responses whose header names the exception, and exceptions inside a stream.
 */
import type { Failure } from '../../../anthropic/error.ts'
import { parseJson } from '../../../anthropic/json.ts'
import type { TargetModel, UpstreamReply } from '../../dialect.ts'
import { toEventFailure, toReplyFailure } from '../../shared/errors/upstream-error.ts'

/** Classifies a response with an error status. */
export function toFailure(reply: UpstreamReply, target: TargetModel): Failure {
  return toReplyFailure(reply, target)
}

/** Classifies an exception in a stream: `{"__type": "throttlingException", "message": …}`. */
export function toExceptionFailure(data: string, target: TargetModel): Failure {
  return toEventFailure(parseJson(data) ?? data, target)
}

/**
 * The failure for a stop reason that means that the model's output is unusable; a retry usually
 * helps.
 */
export function toUnusableFailure(word: string, provider: string): Failure {
  return {
    kind: 'upstream_error',
    provider,
    status: 502,
    type: 'api_error',
    message: `${provider}: the answer ended before it was complete (stopReason: ${word}).`,
  }
}
