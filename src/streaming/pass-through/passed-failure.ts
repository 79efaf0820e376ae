/** An `error` event of Anthropic's as a failure: its words are for the client. */
import type { ErrorType, Failure } from '../../anthropic/error.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, asString } from '../../anthropic/json.ts'

const types: ReadonlySet<string> = new Set<ErrorType>([
  'invalid_request_error',
  'not_found_error',
  'rate_limit_error',
  'timeout_error',
  'overloaded_error',
])

const statuses: Partial<Record<ErrorType, number>> = {
  invalid_request_error: 400,
  not_found_error: 404,
  rate_limit_error: 429,
  timeout_error: 504,
  overloaded_error: 529,
}

/** An error in a stream of Anthropic's, whose words are for the client. */
export function toPassedFailure(provider: string, data: JsonObject | undefined): Failure {
  const error = asObject(data?.['error'])
  const said = asString(error?.['type']) ?? ''
  const type = isErrorType(said) ? said : 'api_error'
  const status = statuses[type] ?? 502
  const message = asString(error?.['message']) ?? 'The provider failed.'
  return { kind: 'upstream_error', provider, status, type, message: message.slice(0, 1000) }
}

function isErrorType(type: string): type is ErrorType {
  return types.has(type)
}
