/** Errors in chat completions and their chunks. */
import type { Failure } from '../../../anthropic/error.ts'
import { asArray, asObject, isObject } from '../../../anthropic/json.ts'
import type { TargetModel } from '../../dialect.ts'
import { isErrorBody } from '../../shared/errors/error-body.ts'
import { toEventFailure } from '../../shared/errors/upstream-error.ts'

/**
 * Finds an error in a chunk, or in a response with status 200: next to the choices, instead of
 * them, or in one of them (OpenRouter). Undefined if there is none.
 */
export function findError(body: unknown, target: TargetModel): Failure | undefined {
  if (isErrorBody(body)) {
    return toEventFailure(body, target)
  }
  // Groq reports why it stopped a stream in its own field (groq-sdk, `x_groq.error`).
  const error = asObject(asObject(body)?.['x_groq'])?.['error']
  if (error !== undefined && isErrorBody({ error })) {
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
