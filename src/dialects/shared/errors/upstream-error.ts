/**
 * Converts an upstream's error to Anthropic's status and type, chosen so that clients recover
 * (wait, compact, lower `max_tokens`) if that helps, and do not retry if the operator must act. A
 * provider's 401, 402 and 403 concern the gateway's credential and never become the client's.
 */
import type { ErrorType, Failure } from '../../../anthropic/error.ts'
import { parseJson } from '../../../anthropic/json.ts'
import type { TargetModel, UpstreamReply } from '../../dialect.ts'
import type { ErrorFacts } from './error-body.ts'
import { isErrorBody, readErrorBody } from './error-body.ts'
import type { ErrorKind } from './error-kind.ts'
import { toErrorKind, effectiveStatus } from './error-kind.ts'
import { describePage, describeStatus } from './error-page.ts'
import { toOverflowMessage } from './overflow.ts'
import type { RetryHints } from './rate-limit.ts'
import { toRateLimitHeaders, toRetryAfter } from './rate-limit.ts'
import { redact } from './redact.ts'

type UpstreamError = Extract<Failure, { kind: 'upstream_error' }>

/** Classifies a response with an error status. */
export function toReplyFailure(reply: UpstreamReply, target: TargetModel): Failure {
  const { status, headers, body, now } = reply
  const json = parseJson(body)
  const facts = json === undefined ? pageFacts(reply) : readErrorBody(json)
  // Bedrock has it in a header.
  const words = `${facts.words} ${headers.get('x-amzn-errortype') ?? ''}`.toLowerCase()
  const failure = withWait(toFailure({ ...facts, words }, status, target), facts, { headers, now })
  const limits = canWait(failure) ? toRateLimitHeaders(headers, now) : {}
  return {
    ...failure,
    ...(Object.keys(limits).length === 0 ? {} : { headers: limits }),
    ...(headers.get('x-should-retry') === 'false' ? { shouldRetry: false } : {}),
  }
}

/** Classifies an error inside a stream, or in a body with status 200. */
export function toEventFailure(body: unknown, target: TargetModel): Failure {
  const facts = readErrorBody(body)
  return withWait(toFailure(facts, undefined, target), facts, {})
}

/**
 * Finds an error in a chunk, or in the body of a response with status 200; undefined if there is
 * none.
 */
export function findError(body: unknown, target: TargetModel): Failure | undefined {
  return isErrorBody(body) ? toEventFailure(body, target) : undefined
}

function withWait(
  failure: UpstreamError,
  { text, delay }: ErrorFacts,
  hints: Pick<RetryHints, 'headers' | 'now'>,
): UpstreamError {
  const retryAfter = canWait(failure) ? toRetryAfter({ ...hints, text, delay }) : undefined
  return retryAfter === undefined ? failure : { ...failure, retryAfter }
}

function canWait({ type }: UpstreamError): boolean {
  return type === 'rate_limit_error' || type === 'overloaded_error'
}

function toFailure(
  facts: ErrorFacts,
  status: number | undefined,
  target: TargetModel,
): UpstreamError {
  const base = {
    kind: 'upstream_error' as const,
    provider: target.provider,
    ...(status === undefined ? {} : { upstreamStatus: status }),
  }
  const overflow = toOverflowMessage({
    text: facts.text,
    status: status ?? facts.status,
    knownLimit: target.limits.maxInputTokens,
  })
  if (overflow !== undefined) {
    return { ...base, status: 400, type: 'invalid_request_error', message: overflow }
  }
  const kind = toErrorKind(facts, status)
  return {
    ...base,
    ...answers[kind],
    ...(kind === 'fault' && isServerError(facts, status) ? { status: 500 } : {}),
    message: toMessage(kind, facts, status, target),
  }
}

/** Whether an error is the provider's HTTP 500, by its type if it has no status. */
function isServerError(facts: ErrorFacts, status: number | undefined): boolean {
  const effective = effectiveStatus(facts, status)
  return effective === 500 || (effective === undefined && serverError.test(facts.words))
}

const serverError = /\b(?:internal_?)?server_?(?:error|exception)\b|\bapi_error\b/

/** The client's status and error type for each kind. */
const answers: Record<ErrorKind, { status: number; type: ErrorType; shouldRetry?: false }> = {
  invalid: { status: 400, type: 'invalid_request_error' },
  refused: { status: 400, type: 'invalid_request_error', shouldRetry: false },
  credential: { status: 500, type: 'api_error', shouldRetry: false },
  permission: { status: 500, type: 'api_error', shouldRetry: false },
  credit: { status: 500, type: 'api_error', shouldRetry: false },
  model: { status: 404, type: 'not_found_error', shouldRetry: false },
  absent: { status: 404, type: 'not_found_error', shouldRetry: false },
  conflict: { status: 409, type: 'conflict_error' },
  too_large: { status: 413, type: 'request_too_large' },
  rate: { status: 429, type: 'rate_limit_error' },
  overloaded: { status: 529, type: 'overloaded_error' },
  timeout: { status: 504, type: 'timeout_error' },
  fault: { status: 502, type: 'api_error' },
}

/** The maximal length of a message; longer ones quote the request. */
const maxMessage = 1000

function toMessage(
  kind: ErrorKind,
  facts: ErrorFacts,
  status: number | undefined,
  { provider, model }: TargetModel,
): string {
  const code = status === undefined ? '' : ` (HTTP ${status})`
  switch (kind) {
    case 'credential':
      return `The provider ${provider} rejected the gateway's credential${code}. Contact the gateway's operator.`
    case 'permission':
      return `The provider ${provider} does not permit this with the gateway's credential${code}. Contact the gateway's operator.`
    case 'credit':
      return `The gateway's credit or quota with the provider ${provider} is exhausted${code}. Contact the gateway's operator.`
    case 'model':
      return `model: ${model}`
    case 'invalid':
    case 'refused':
    case 'absent':
    case 'conflict':
    case 'too_large':
    case 'rate':
    case 'overloaded':
    case 'timeout':
    case 'fault': {
      const message = facts.message.trim() || describeStatus(status)
      // Truncated before it is searched, and again because redaction may have made it longer.
      const text = redact(message.slice(0, 2 * maxMessage))
      return `${provider}: ${text.length > maxMessage ? `${text.slice(0, maxMessage)}…` : text}`
    }
  }
}

/** The facts of an HTML or text page from a proxy, a CDN or a framework. */
function pageFacts({ status, body }: UpstreamReply): ErrorFacts {
  const message = describePage(status, body)
  return { message, words: '', text: message }
}
