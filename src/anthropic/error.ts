/** All failures in the gateway's terms. What the client receives for each is in error-reply.ts. */
import { defined } from '../platform/defined.ts'

/** The `type` of an error, as Anthropic documents it (https://docs.claude.com/en/api/errors). */
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

/**
 * Why there is no complete answer, by `kind`, with the facts that the client's error and the log line are
 * written from.
 */
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
  /** What is to be changed has changed since it was read. */
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

/** An error of a request that is invalid. `message` is the complete text. */
export function invalidRequest(message: string, path?: string, code?: string): GatewayError {
  return new GatewayError({ kind: 'invalid_request', message, ...defined({ path, code }) })
}

/** An error of a request that is invalid at `path`, with which its text begins. */
export function invalidAt(path: string, message: string): GatewayError {
  return invalidRequest(`${path}: ${message}`, path)
}

/** An error that carries a {@link Failure}. Only the app's `onError` turns it into a response. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly failure: Failure

  constructor(failure: Failure, options?: { cause?: unknown }) {
    super(failure.kind, options)
    this.failure = failure
  }
}
