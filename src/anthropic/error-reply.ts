/**
 * The one table of what the client receives for each {@link Failure}. Statuses, types and messages are
 * Anthropic's, since SDKs select classes by them and Claude Code its recoveries
 * (https://docs.claude.com/en/api/errors).
 */
import type { ErrorType, Failure } from './error.ts'

type UpstreamFailure = Extract<Failure, { provider: string }>
type KeyFailure = Extract<
  Failure,
  {
    kind:
      | 'model_not_allowed'
      | 'unpriced_model'
      | 'limit_reached'
      | 'budget_reached'
      | 'ledger_unavailable'
      | 'session_unavailable'
      | 'not_permitted'
  }
>

/** The client's response to a failure. `headers` are sent in addition to `request-id`. */
export interface ErrorReply {
  status: number
  type: ErrorType
  message: string
  headers: Record<string, string>
  details?: { error_code: string }
}

/** Anthropic's error envelope. */
export interface ErrorBody {
  type: 'error'
  error: { type: ErrorType; message: string; details?: { error_code: string } }
  request_id: string
}

const noRetry = { 'x-should-retry': 'false' }

/** Clients recognize the first words. */
function toTooLarge(reason: string | undefined): string {
  const message = 'Request exceeds the maximum size'
  return reason === undefined ? message : `${message}: ${reason}`
}

/** Converts a failure to the client's response; the only such table. */
export function toErrorReply(failure: Failure): ErrorReply {
  switch (failure.kind) {
    case 'invalid_request':
      return withCode(reply(400, 'invalid_request_error', failure.message), failure.code)
    case 'compaction_unavailable':
    case 'overloaded':
      return toOverloadedReply(failure)
    case 'missing_key':
      return reply(401, 'authentication_error', 'x-api-key header is required', noRetry)
    case 'invalid_key':
      return reply(401, 'authentication_error', 'invalid x-api-key', noRetry)
    case 'expired_key':
      return reply(401, 'authentication_error', 'API key expired', noRetry)
    case 'unknown_model':
      return reply(404, 'not_found_error', `model: ${quote(failure.model)}`, noRetry)
    case 'model_not_allowed':
    case 'unpriced_model':
    case 'limit_reached':
    case 'budget_reached':
    case 'ledger_unavailable':
    case 'session_unavailable':
    case 'not_permitted':
      return toKeyReply(failure)
    case 'not_found':
      return withCode(reply(404, 'not_found_error', failure.message), failure.code)
    case 'precondition_failed':
      return reply(412, 'conflict_error', failure.message, noRetry)
    case 'method_not_allowed':
      return toMethodReply(failure)
    case 'too_large':
      return reply(413, 'request_too_large', toTooLarge(failure.reason))
    case 'misconfigured':
      return reply(500, 'api_error', failure.message, noRetry)
    case 'internal':
      return reply(500, 'api_error', 'Internal server error')
    case 'client_disconnected':
      return reply(499, 'api_error', 'Client closed request')
    case 'upstream_error':
    case 'upstream_unreachable':
    case 'upstream_timeout':
    case 'upstream_invalid_response':
    case 'upstream_truncated':
      return toUpstreamReply(failure)
  }
}

function withCode(plain: ErrorReply, code: string | undefined): ErrorReply {
  return code === undefined ? plain : { ...plain, details: { error_code: code } }
}

function toOverloadedReply(
  failure: Extract<Failure, { kind: 'compaction_unavailable' | 'overloaded' }>,
): ErrorReply {
  if (failure.kind === 'compaction_unavailable') {
    const message = 'The conversation could not be summarized. Please retry.'
    return withCode(reply(529, 'overloaded_error', message), failure.kind)
  }
  const message = 'Overloaded: too many long requests are in progress. Please retry.'
  return reply(529, 'overloaded_error', message, { 'retry-after': String(failure.retryAfter) })
}

function toMethodReply({ method, allowed }: Extract<Failure, { kind: 'method_not_allowed' }>) {
  const message = `${method} is not allowed here; use ${allowed}.`
  return reply(405, 'invalid_request_error', message, { allow: allowed })
}

/** Converts a failure of authentication, permission or limits. */
function toKeyReply(failure: KeyFailure): ErrorReply {
  switch (failure.kind) {
    case 'model_not_allowed':
      return reply(
        403,
        'permission_error',
        `This API key may not use the model ${failure.model}.`,
        noRetry,
      )
    case 'unpriced_model':
      return reply(
        403,
        'permission_error',
        `The model ${quote(failure.model)} has no price in the catalog of this gateway, so a key with a budget, or in a group with one, may not use it. The operator can set its price; 0 means free.`,
        noRetry,
      )
    case 'limit_reached':
      return reply(429, 'rate_limit_error', failure.message, {
        ...failure.headers,
        'retry-after': String(failure.retryAfter),
      })
    case 'budget_reached':
      return reply(429, 'billing_error', failure.message, {
        ...failure.headers,
        ...(failure.retryAfter === undefined ? {} : { 'retry-after': String(failure.retryAfter) }),
        ...noRetry,
      })
    case 'ledger_unavailable':
      return reply(
        503,
        'api_error',
        'The limits of this API key cannot be checked at the moment. Please retry.',
        { 'retry-after': '5', 'gateway-ledger': 'unavailable' },
      )
    case 'session_unavailable':
      return reply(
        503,
        'api_error',
        'The session of this API key cannot be checked at the moment. Please retry.',
        { 'retry-after': '5' },
      )
    case 'not_permitted':
      return reply(
        403,
        'permission_error',
        failure.message ?? 'This API key may not do that.',
        noRetry,
      )
  }
}

function toUpstreamReply(failure: UpstreamFailure): ErrorReply {
  const { provider } = failure
  switch (failure.kind) {
    case 'upstream_error':
      return reply(failure.status, failure.type, failure.message, {
        ...failure.headers,
        ...(failure.retryAfter === undefined ? {} : { 'retry-after': String(failure.retryAfter) }),
        ...(failure.shouldRetry === false ? noRetry : {}),
      })
    case 'upstream_unreachable':
      return reply(502, 'api_error', `The provider ${provider} could not be reached.`)
    case 'upstream_timeout':
      return reply(
        504,
        'timeout_error',
        `The provider ${provider} did not respond within ${failure.afterMs / 1000} s.`,
      )
    case 'upstream_invalid_response':
      return reply(502, 'api_error', `The provider ${provider} sent an invalid response.`)
    case 'upstream_truncated':
      return reply(
        502,
        'api_error',
        `The provider ${provider} ended its response before it was complete.`,
      )
  }
}

/** The error envelope of a reply, for a JSON body or the data of an `error` event. */
export function toErrorBody(reply_: ErrorReply, requestId: string): ErrorBody {
  return {
    type: 'error',
    error: {
      type: reply_.type,
      message: reply_.message,
      ...(reply_.details === undefined ? {} : { details: reply_.details }),
    },
    request_id: requestId,
  }
}

function reply(
  status: number,
  type: ErrorType,
  message: string,
  headers: Record<string, string> = {},
): ErrorReply {
  return { status, type, message, headers }
}

/** A client's name as quoted in an error, truncated. */
function quote(name: string): string {
  return name.slice(0, 256)
}
