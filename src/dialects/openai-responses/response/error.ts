/** Errors of the Responses API, in all places where they come. */
import type { Failure } from '../../../anthropic/error.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asString, isObject } from '../../../anthropic/json.ts'
import type { TargetModel, UpstreamReply } from '../../dialect.ts'
import { isErrorBody } from '../../shared/errors/error-body.ts'
import { toEventFailure, toReplyFailure } from '../../shared/errors/upstream-error.ts'

/** An answer whose status was not 2xx. */
export function toFailure(reply: UpstreamReply, target: TargetModel): Failure {
  return toReplyFailure(reply, target)
}

/** An `error` event: `{ type, error: { … } }`, or as OpenAI wrote it before, `{ type, code, message }`. */
export function toErrorEventFailure(event: JsonObject, target: TargetModel): Failure {
  const error = isObject(event['error']) ? event['error'] : event
  return toEventFailure({ error: withStatus(error) }, target)
}

/** An answer whose status is `failed`, or that came with an error. */
export function toFailedFailure(response: JsonObject, target: TargetModel): Failure {
  const error = isObject(response['error']) ? response['error'] : {}
  return toEventFailure({ error: withStatus(error) }, target)
}

/** An error instead of an answer, with status 200 or inside a stream; undefined where there is none. */
export function findError(body: unknown, target: TargetModel): Failure | undefined {
  return isErrorBody(body) ? toEventFailure(body, target) : undefined
}

/**
 * What a code inside an answer stands for: there is no status there, and without one an error counts
 * as the provider's own (https://platform.openai.com/docs/api-reference/responses/object, `error`).
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
