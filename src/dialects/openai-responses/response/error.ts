/** Errors inside the answers of the Responses API. */
import type { Failure } from '../../../anthropic/error.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asString } from '../../../anthropic/json.ts'
import type { TargetModel } from '../../dialect.ts'
import { toEventFailure } from '../../shared/errors/upstream-error.ts'

/** Classifies the error of an event or of a failed answer by its code, since it has no status. */
export function toCodeFailure(error: JsonObject, target: TargetModel): Failure {
  const code = asString(error['code']) ?? ''
  const status = codeStatuses.find(([pattern]) => pattern.test(code))?.[1]
  return toEventFailure({ error: status === undefined ? error : { status, ...error } }, target)
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
