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
export interface BilledUsage {
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
  billed: BilledUsage | undefined,
): object {
  const { target, attempts, key, purpose } = record
  const called = toCalled(record)
  const usage = toUsage(record, billed)
  const end = toEnd(record.outcome)
  const { status = http.status } = end
  const bug = toBug(record)
  // One literal: merging objects costs more than all that is in them. JSON leaves out what is undefined.
  return {
    level: status >= 500 || bug !== undefined ? 'error' : 'info',
    requestId: record.id,
    upstreamRequestId: record.upstreamId,
    purpose: purpose?.name,
    parentRequestId: purpose?.parentId,
    trace_id: toTraceId(record),
    parent_id: record.clientTrace?.spanId,
    method: http.method,
    path: maskSecrets(http.path),
    status,
    'gen_ai.operation.name': called.operation,
    'gen_ai.request.model': record.requestedModel,
    'gen_ai.provider.name': called.provider,
    'gen_ai.usage.input_tokens': usage.input,
    'gen_ai.usage.output_tokens': usage.output,
    'gen_ai.usage.cache_read.input_tokens': usage.cacheRead,
    'gen_ai.usage.cache_creation.input_tokens': usage.cacheWrite,
    implausibleUsage: usage.implausible,
    costUsd: usage.costUsd,
    'error.type': toLoggedError(record),
    keyId: key?.id,
    groupId: key?.group,
    ledger: record.ledgerUnavailable,
    stream: record.stream,
    target: target?.name,
    attempts: attempts?.map(toAttemptFields),
    adaptations: record.adaptations,
    server_tools: toToolFields(record.serverTools),
    upstreamMs: record.upstreamMs,
    contentMs: record.contentMs,
    headersMs: record.headersMs,
    ending: end.ending,
    toldCharacters: end.characters,
    'gen_ai.response.finish_reasons': end.finishReasons,
    bug,
    ms: http.ms,
  }
}

/** The id of the request's own trace, or of the client's. */
function toTraceId({ trace, clientTrace }: ExchangeRecord): string | undefined {
  return trace?.traceId ?? clientTrace?.traceId
}

/** Nothing for an exchange that was refused before its first attempt. */
function toCalled({ attempts, target }: ExchangeRecord): { operation?: string; provider?: string } {
  return attempts === undefined || target === undefined
    ? {}
    : { operation: 'chat', provider: target.provider }
}

function toAttemptFields({ target, failed, ms }: AttemptRecord): object {
  return { target, failed, ms }
}

function toToolFields(tools: ToolsRecord | undefined): object | undefined {
  if (tools === undefined) {
    return undefined
  }
  const { failures, cost, ...runs } = tools
  const failed = failures.length === 0 ? undefined : failures
  return { ...runs, costUsd: cost / nanoPerUsd, failed }
}

/** Whether an answer is complete, or was truncated after its upstream had counted. */
export function isCounted({ outcome, earlierBodies }: ExchangeRecord): boolean {
  const reports = [...earlierBodies.map(({ delivered }) => delivered), outcome?.delivered]
  return outcome?.state === 'complete' || reports.some((report) => report?.usage !== undefined)
}

interface UsageFields {
  input?: number
  output?: number
  cacheRead?: number
  cacheWrite?: number
  implausible?: ReportedUsage | undefined
  costUsd?: number | undefined
}

/** Nothing for an exchange whose upstream counted nothing. The conventions count cached tokens as input. */
function toUsage(record: ExchangeRecord, billed: BilledUsage | undefined): UsageFields {
  if (billed === undefined || !isCounted(record)) {
    return {}
  }
  const { usage, cost, implausible } = billed
  const { input, output, cacheRead, cacheWrite } = usage
  const costUsd = cost && cost / nanoPerUsd
  return {
    input: input + cacheRead + cacheWrite,
    output,
    cacheRead,
    cacheWrite,
    implausible,
    costUsd,
  }
}

interface EndFields {
  /** Replaces the status of the response. */
  status?: number | undefined
  ending?: string
  characters?: number
  finishReasons?: string[] | undefined
}

/** Nothing for an exchange without an answer. */
function toEnd(outcome: Outcome | undefined): EndFields {
  if (outcome === undefined) {
    return {}
  }
  const { state, delivered } = outcome
  const stopReason = state === 'complete' ? outcome.stopReason : undefined
  return {
    status: state === 'disconnected' ? disconnectedStatus : undefined,
    ending: endings[state],
    characters: delivered.characters,
    finishReasons: stopReason && [stopReason],
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
