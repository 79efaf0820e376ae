/**
 * An exchange as one structured log line: ids, sizes and durations, never a prompt, a key or a
 * body. Names are those of OpenTelemetry's GenAI conventions if there is one
 * (https://opentelemetry.io/docs/specs/semconv/gen-ai/). Operators query names and values, so that
 * both are stable.
 */
import type { ReportedUsage, TokenUsage } from '../../anthropic/answer/part.ts'
import { toErrorReply } from '../../anthropic/error-reply.ts'
import type { Failure } from '../../anthropic/error.ts'
import { nanoPerUsd } from '../../catalog/price.ts'
import { maskSecrets } from '../../platform/mask-secrets.ts'
import type { Outcome } from '../../streaming/relay.ts'
import type { AttemptRecord, ExchangeRecord, ToolsRecord } from './exchange-record.ts'

/** The HTTP side of an exchange. */
export interface HttpFacts {
  method: string
  path: string
  /** Status of the response. */
  status: number
  /** Milliseconds from the request's arrival to the end of the response. */
  ms: number
}

/** What the exchange was charged. */
export interface Billed {
  usage: TokenUsage
  /** The cost in nano-dollars; undefined without a price. */
  cost: number | undefined
  /** The usage that the upstream reported, if it is implausible and was estimated instead. */
  implausible: ReportedUsage | undefined
}

/** Status of a request whose client disconnected, as nginx logs it. */
export const disconnectedStatus = 499

const endings = { complete: 'complete', failed: 'failed', disconnected: 'left' } as const

/** Converts an exchange; `billed` is undefined if it was not admitted. */
export function toLogLine(
  record: ExchangeRecord,
  http: HttpFacts,
  billed: Billed | undefined,
): object {
  const { outcome, target, attempts, serverTools } = record
  const status = outcome?.state === 'disconnected' ? disconnectedStatus : http.status
  const bug = toBug(record)
  const asked = attempts === undefined ? undefined : target
  return {
    level: status >= 500 || bug !== undefined ? 'error' : 'info',
    ...toIds(record),
    ...toTraceFields(record),
    method: http.method,
    path: maskSecrets(http.path),
    status,
    'gen_ai.operation.name': asked && 'chat',
    'gen_ai.request.model': record.requestedModel,
    'gen_ai.provider.name': asked?.provider,
    ...(billed && toUsageFields(record, billed)),
    'error.type': toLoggedError(record),
    ...toKeyFields(record.key),
    ledger: record.ledgerUnavailable,
    stream: record.stream,
    target: target?.name,
    attempts: attempts?.map(toAttemptFields),
    adaptations: record.adaptations,
    ...toToolFields(serverTools),
    upstreamMs: record.upstreamMs,
    contentMs: record.contentMs,
    headersMs: record.headersMs,
    ...(outcome && toEndFields(outcome)),
    bug,
    ms: http.ms,
  }
}

/** The request's own trace, or the client's, and the client's span. */
function toTraceFields({ trace, clientTrace }: ExchangeRecord): object {
  return { trace_id: trace?.traceId ?? clientTrace?.traceId, parent_id: clientTrace?.spanId }
}

function toAttemptFields({ target, failed, ms }: AttemptRecord): object {
  return { target, failed, ms }
}

function toToolFields(tools: ToolsRecord | undefined): object {
  if (tools === undefined) {
    return {}
  }
  const { failures, cost, ...runs } = tools
  const failed = failures.length === 0 ? undefined : failures
  return { server_tools: { ...runs, costUsd: cost / nanoPerUsd, failed } }
}

function toKeyFields(key: ExchangeRecord['key']): object {
  return { keyId: key?.id, groupId: key?.group }
}

function toIds({ id, upstreamId, purpose }: ExchangeRecord): object {
  return {
    requestId: id,
    upstreamRequestId: upstreamId,
    purpose: purpose?.name,
    parentRequestId: purpose?.parentId,
  }
}

/** Whether an answer is complete, or was truncated after its upstream had counted. */
export function isCounted({ outcome, earlierBodies }: ExchangeRecord): boolean {
  const reports = [...earlierBodies.map(({ delivered }) => delivered), outcome?.delivered]
  return outcome?.state === 'complete' || reports.some((report) => report?.usage !== undefined)
}

/** The conventions count cached tokens as input. */
function toUsageFields(record: ExchangeRecord, { usage, cost, implausible }: Billed): object {
  if (!isCounted(record)) {
    return {}
  }
  const { input, output, cacheRead, cacheWrite } = usage
  return {
    'gen_ai.usage.input_tokens': input + cacheRead + cacheWrite,
    'gen_ai.usage.output_tokens': output,
    'gen_ai.usage.cache_read.input_tokens': cacheRead,
    'gen_ai.usage.cache_creation.input_tokens': cacheWrite,
    implausibleUsage: implausible,
    costUsd: cost && cost / nanoPerUsd,
  }
}

function toEndFields(outcome: Outcome): object {
  const stopReason = outcome.state === 'complete' ? outcome.stopReason : undefined
  return {
    ending: endings[outcome.state],
    toldCharacters: outcome.delivered.characters,
    'gen_ai.response.finish_reasons': stopReason && [stopReason],
  }
}

/** The failure that the client got, as a response or in the stream. */
export function failureOf({ outcome, failure: refusal }: ExchangeRecord): Failure | undefined {
  return toFailure(outcome) ?? refusal
}

/** The kind of the failure, and the error type that the client got. */
function toLoggedError(record: ExchangeRecord): string | undefined {
  const failure = failureOf(record)
  return failure && `${loggedKinds[failure.kind] ?? failure.kind}: ${toErrorReply(failure).type}`
}

function toFailure(outcome: Outcome | undefined): Failure | undefined {
  return outcome?.state === 'failed' ? outcome.failure : undefined
}

/** Failure kinds that are logged under an earlier name. */
const loggedKinds: Partial<Record<Failure['kind'], string>> = {
  upstream_invalid_response: 'upstream_nonsense',
  upstream_truncated: 'upstream_cut',
  client_disconnected: 'client_left',
}

/** The stack trace of the error that was thrown. */
function toBug({ bug, outcome }: ExchangeRecord): string | undefined {
  const thrown = bug ?? (outcome?.state === 'failed' ? outcome.bug : undefined)
  if (thrown === undefined) {
    return undefined
  }
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : 'not an Error'
}
