/**
 * Everything that can go wrong, in the gateway's terms ({@link Failure}), and the one table that decides
 * what the client receives ({@link toErrorReply}). Statuses, types and wordings are Anthropic's, since SDKs
 * choose classes by them and Claude Code chooses recoveries
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
  /** `message` is the whole text. `code` goes to `error.details.error_code`. */
  | { kind: 'invalid_request'; message: string; path?: string; code?: string }
  | { kind: 'missing_key' }
  | { kind: 'invalid_key' }
  | { kind: 'expired_key' }
  | { kind: 'model_not_allowed'; model: string }
  | { kind: 'unknown_model'; model: string }
  /** The key has a budget, and nobody has said what the model costs. */
  | { kind: 'unpriced_model'; model: string }
  /** A rate or concurrency limit of the key. Seconds; `anthropic-ratelimit-*`, ready to send. */
  | { kind: 'limit_reached'; message: string; retryAfter: number; headers: Record<string, string> }
  /** A budget of the key. `message` is a full sentence: clients print it as it stands. */
  | {
      kind: 'budget_reached'
      message: string
      /** Seconds until it resets; absent where it never does. */
      retryAfter?: number
      headers: Record<string, string>
    }
  /** The key's limits cannot be checked, and it may not be used without. */
  | { kind: 'ledger_unavailable' }
  /** The key is valid, but not for this. */
  | { kind: 'not_permitted' }
  | { kind: 'not_found'; message: string }
  | { kind: 'method_not_allowed'; method: string; allowed: string }
  | { kind: 'too_large'; limitBytes: number }
  /** The operator must act; retrying cannot help. `message` names what is missing. */
  | { kind: 'misconfigured'; message: string }
  /** A bug of the gateway. */
  | { kind: 'internal' }
  /** Only logged: nobody is left to receive it. */
  | { kind: 'client_disconnected' }
  /** The upstream answered with an error that was understood; status and type are those that the client receives. */
  | {
      kind: 'upstream_error'
      provider: string
      status: number
      type: ErrorType
      message: string
      /** The upstream's own HTTP status; absent inside a stream. */
      upstreamStatus?: number
      /** Seconds. */
      retryAfter?: number
      /** False where a retry cannot help whatever the status says (credit used up, bad provider key). */
      shouldRetry?: false
      /** `anthropic-ratelimit-*` and the like, ready to send. */
      headers?: Record<string, string>
    }
  | { kind: 'upstream_unreachable'; provider: string }
  | { kind: 'upstream_timeout'; provider: string; afterMs: number }
  /** The response is not what the dialect allows. `detail` is for the log and must not contain any of the prompt. */
  | { kind: 'upstream_invalid_response'; provider: string; detail: string }
  /** The response ended before it was complete. */
  | { kind: 'upstream_truncated'; provider: string }

type UpstreamFailure = Extract<Failure, { provider: string }>
type KeyFailure = Extract<
  Failure,
  {
    kind:
      | 'unpriced_model'
      | 'limit_reached'
      | 'budget_reached'
      | 'ledger_unavailable'
      | 'not_permitted'
  }
>

/** Carries a {@link Failure} through `throw`. The app's `onError` is the only catcher that answers. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly failure: Failure

  constructor(failure: Failure, options?: { cause?: unknown }) {
    super(failure.kind, options)
    this.failure = failure
  }
}

/** What the client receives. `headers` are sent beside `request-id`. */
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

/** The one table from what went wrong to what the client receives. */
export function toErrorReply(failure: Failure): ErrorReply {
  switch (failure.kind) {
    case 'invalid_request':
      return {
        ...reply(400, 'invalid_request_error', failure.message),
        ...(failure.code === undefined ? {} : { details: { error_code: failure.code } }),
      }
    case 'missing_key':
      return reply(401, 'authentication_error', 'x-api-key header is required', noRetry)
    case 'invalid_key':
      return reply(401, 'authentication_error', 'invalid x-api-key', noRetry)
    case 'expired_key':
      return reply(401, 'authentication_error', 'API key expired', noRetry)
    case 'model_not_allowed':
      return reply(
        403,
        'permission_error',
        `This API key may not use the model ${failure.model}.`,
        noRetry,
      )
    case 'unknown_model':
      return reply(404, 'not_found_error', `model: ${quote(failure.model)}`, noRetry)
    case 'unpriced_model':
    case 'limit_reached':
    case 'budget_reached':
    case 'ledger_unavailable':
    case 'not_permitted':
      return toKeyReply(failure)
    case 'not_found':
      return reply(404, 'not_found_error', failure.message)
    case 'method_not_allowed':
      return toMethodReply(failure)
    case 'too_large':
      return reply(413, 'request_too_large', 'Request exceeds the maximum size')
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

function toMethodReply({ method, allowed }: Extract<Failure, { kind: 'method_not_allowed' }>) {
  const message = `${method} is not allowed here; use ${allowed}.`
  return reply(405, 'invalid_request_error', message, { allow: allowed })
}

/** Replies for what a key may not do, or not now. */
function toKeyReply(failure: KeyFailure): ErrorReply {
  switch (failure.kind) {
    case 'unpriced_model':
      return reply(
        403,
        'permission_error',
        `The model ${quote(failure.model)} has no price in the catalog of this gateway, so a key with a budget may not use it. The operator can set its price; 0 means free.`,
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
    case 'not_permitted':
      return reply(403, 'permission_error', 'This API key may not do that.', noRetry)
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
        `The provider ${provider} did not answer within ${failure.afterMs / 1000} s.`,
      )
    case 'upstream_invalid_response':
      return reply(
        502,
        'api_error',
        `The provider ${provider} sent an answer that could not be read.`,
      )
    case 'upstream_truncated':
      return reply(
        502,
        'api_error',
        `The provider ${provider} ended its answer before it was complete.`,
      )
  }
}

/** The envelope for a reply, as a JSON body or the data of an `error` event. */
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

/** A name that a client made up, as far as an error repeats it. */
function quote(name: string): string {
  return name.slice(0, 256)
}
