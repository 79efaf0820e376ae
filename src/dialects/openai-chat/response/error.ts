/** Errors of chat completions, in all places where they come. */
import type { Failure } from '../../../anthropic/error.ts'
import { asArray, asObject, isObject } from '../../../anthropic/json.ts'
import type { TargetModel, UpstreamReply } from '../../dialect.ts'
import { isErrorBody } from '../../shared/errors/error-body.ts'
import { toEventFailure, toReplyFailure } from '../../shared/errors/upstream-error.ts'
import type { Finish } from './stop-reason.ts'

/** An answer whose status was not 2xx. */
export function toFailure(reply: UpstreamReply, target: TargetModel): Failure {
  return toReplyFailure(reply, target)
}

/**
 * An error in a chunk, or in an answer with status 200: beside the choices, instead of them, or in
 * one of them (OpenRouter). Undefined where there is none.
 */
export function findError(body: unknown, target: TargetModel): Failure | undefined {
  if (isErrorBody(body)) {
    return toEventFailure(body, target)
  }
  // Groq writes why it stopped a stream into its own field (groq-sdk, `x_groq.error`).
  const extension = asObject(asObject(body)?.['x_groq'])
  if (isErrorBody({ error: extension?.['error'] })) {
    const error = extension?.['error']
    return toEventFailure(
      { error: typeof error === 'string' ? { message: error, code: error } : error },
      target,
    )
  }
  for (const choice of asArray(asObject(body)?.['choices'])) {
    if (isObject(choice) && 'error' in choice && isErrorBody(choice)) {
      return toEventFailure(choice, target)
    }
  }
  return undefined
}

/** A finish reason which says that the provider gave up. */
export function toGivenUpFailure(
  { failure, word }: Extract<Finish, { failure: string }>,
  provider: string,
): Failure {
  const message = `${provider}: the answer ended before it was complete (finish_reason: ${word}).`
  return failure === 'overloaded'
    ? { kind: 'upstream_error', provider, status: 529, type: 'overloaded_error', message }
    : { kind: 'upstream_error', provider, status: 502, type: 'api_error', message }
}
