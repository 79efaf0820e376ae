/** Errors of the Responses API: as a response, in an event, or in a failed answer. */
import type { Failure } from '../../../anthropic/error.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asString, isObject } from '../../../anthropic/json.ts'
import type { TargetModel, UpstreamReply } from '../../dialect.ts'
import { isErrorBody } from '../../shared/errors/error-body.ts'
import { toEventFailure, toReplyFailure } from '../../shared/errors/upstream-error.ts'

/** Classifies a response with an error status. */
export function toFailure(reply: UpstreamReply, target: TargetModel): Failure {
  return toReplyFailure(reply, target)
}

/**
 * Classifies an `error` event: `{ type, error: { … } }`, or OpenAI's older `{ type, code, message
 * }`.
 */
export function toErrorEventFailure(event: JsonObject, target: TargetModel): Failure {
  const error = isObject(event['error']) ? event['error'] : event
  return toEventFailure({ error: withStatus(error) }, target)
}

/** Classifies an answer with status `failed` or an error. */
export function toFailedFailure(response: JsonObject, target: TargetModel): Failure {
  const error = isObject(response['error']) ? response['error'] : {}
  return toEventFailure({ error: withStatus(error) }, target)
}

/**
 * Finds an error in place of an answer, with status 200 or inside a stream; undefined if there is
 * none.
 */
export function findError(body: unknown, target: TargetModel): Failure | undefined {
  return isErrorBody(body) ? toEventFailure(body, target) : undefined
}

/**
 * The HTTP status for each error code inside an answer: without a status an error counts as an
 * internal error of the provider (https://platform.openai.com/docs/api-reference/responses/object,
 * `error`).
 */
const codeStatuses: readonly [RegExp, number][] = [
  [/^rate_limit|^slow_down/, 429],
  [/overloaded/, 503],
  [/^server_error$|timeout/, 500],
  [/^invalid_|_policy|image|_file$|^data_residency/, 400],
]

function withStatus(error: JsonObject): JsonObject {
  const code = asString(error['code']) ?? ''
  const status = codeStatuses.find(([pattern]) => pattern.test(code))?.[1]
  return status === undefined ? error : { status, ...error }
}
