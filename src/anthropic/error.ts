/**
 * All failures in the gateway's terms ({@link Failure}), and the one table of what the client
 * receives for each ({@link toErrorReply}). Statuses, types and messages are Anthropic's, since
 * SDKs select classes by them and Claude Code its recoveries
 * (https://docs.claude.com/en/api/errors).
 */

export type ErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'billing_error'
  | 'permission_error'
  | 'not_found_error'
  | 'request_too_large'
  | 'rate_limit_error'
  | 'timeout_error'
  | 'api_error'
  | 'overloaded_error'
  | 'conflict_error'

export type Failure =
  /**
   * The request is invalid. `message` is the complete text. `code` is sent as
   * `error.details.error_code`, as that of `not_found`.
   */
  | { kind: 'invalid_request'; message: string; path?: string; code?: string }
  | { kind: 'missing_key' }
  | { kind: 'invalid_key' }
  | { kind: 'expired_key' }
  | { kind: 'model_not_allowed'; model: string }
  | { kind: 'unknown_model'; model: string }
  /** The key or its group has a budget, and the catalog has no price for the model. */
  | { kind: 'unpriced_model'; model: string }
  /**
   * A rate or concurrency limit of the key is reached. `retryAfter` in seconds; `headers` are
   * `anthropic-ratelimit-*`, as sent.
   */
  | { kind: 'limit_reached'; message: string; retryAfter: number; headers: Record<string, string> }
  /** A budget of the key is reached. `message` is a sentence, which clients print unchanged. */
  | {
      kind: 'budget_reached'
      message: string
      /** Seconds until the budget resets; absent if it never does. */
      retryAfter?: number
      headers: Record<string, string>
    }
  /** The key's limits cannot be checked, and it must not be used without them. */
  | { kind: 'ledger_unavailable' }
  /** Whether the session of the key is open cannot be known, and it must not be used without that. */
  | { kind: 'session_unavailable' }
  /**
   * The key is valid, but not permitted to do this. `message` is the complete text, if it is a
   * special one.
   */
  | { kind: 'not_permitted'; message?: string }
  | { kind: 'not_found'; message: string; code?: string }
  /** What is to be changed has been changed by somebody else. */
  | { kind: 'precondition_failed'; message: string }
  | { kind: 'method_not_allowed'; method: string; allowed: string }
  /** `reason`: what exceeds its limit, if not the bytes. */
  | { kind: 'too_large'; reason: string | undefined }
  /** The isolate holds as many long requests as it can. `retryAfter` in seconds. */
  | { kind: 'overloaded'; retryAfter: number }
  /** No summary could be written of a conversation. */
  | { kind: 'compaction_unavailable' }
  /** The gateway is misconfigured, and retrying cannot help. `message` names what is missing. */
  | { kind: 'misconfigured'; message: string }
  /** A bug of the gateway. */
  | { kind: 'internal' }
  /** The client disconnected; only logged. */
  | { kind: 'client_disconnected' }
  /** The upstream returned an error; `status` and `type` are the client's. */
  | {
      kind: 'upstream_error'
      provider: string
      status: number
      type: ErrorType
      message: string
      /** The upstream's HTTP status; absent inside a stream. */
      upstreamStatus?: number
      /** The wait in seconds before a retry. */
      retryAfter?: number
      /**
       * False if a retry cannot help despite the status (exhausted credit, invalid provider key).
       */
      shouldRetry?: false
      /** Response headers such as `anthropic-ratelimit-*`, as sent. */
      headers?: Record<string, string>
    }
  | { kind: 'upstream_unreachable'; provider: string }
  | { kind: 'upstream_timeout'; provider: string; afterMs: number }
  /**
   * The response violates the dialect. `detail` is for the log and must not contain any of the
   * prompt.
   */
  | { kind: 'upstream_invalid_response'; provider: string; detail: string }
  /** The response ended before it was complete. */
  | { kind: 'upstream_truncated'; provider: string }

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

/** An error that carries a {@link Failure}. Only the app's `onError` turns it into a response. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly failure: Failure

  constructor(failure: Failure, options?: { cause?: unknown }) {
    super(failure.kind, options)
    this.failure = failure
  }
}

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
