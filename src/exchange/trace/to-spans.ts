/**
 * An exchange as spans: one of the request, one of the logical call to a model, and below it one of each
 * attempt and of each tool that ran here. Nothing of a prompt or an answer is in them. Pure.
 */
import { toErrorReply } from '../../anthropic/error-reply.ts'
import { maskSecrets } from '../../platform/mask-secrets.ts'
import type { Convention } from '../../telemetry/settings.ts'
import type { Attributes, Span, SpanEvent } from '../../telemetry/span.ts'
import type { TraceContext } from '../../telemetry/trace-context.ts'
import type { AttemptRecord, ExchangeRecord, ToolRunRecord } from '../record/exchange-record.ts'
import { disconnectedStatus, failureOf } from '../record/to-log-line.ts'
import type { FinishedExchange } from './finished.ts'
import { toGenAiAttributes, toOperation } from './gen-ai.ts'
import { toLangfuse, toOpenInference } from './other-conventions.ts'

/** The trace that spans belong to, the conventions of their attributes, and the source of span ids. */
export interface SpanOptions {
  trace: TraceContext
  conventions: readonly Convention[]
  /** Returns the id of another span. */
  newSpanId: () => string
}

/** Most spans of one kind in a trace: a request that fails over and over is not to fill a backend. */
const maxOfKind = 50

/** The spans, each after the one above it. */
export function toSpans(finished: FinishedExchange, options: SpanOptions): Span[] {
  const { record } = finished
  const request = toRequestSpan(finished, options.trace)
  if (record.admission === undefined) {
    return [request]
  }
  const call = { ...toCallSpan(finished, options.conventions), ...toBelow(request, options) }
  const below = [
    ...(record.attempts ?? []).slice(0, maxOfKind).map(toAttemptSpan),
    ...record.toolRuns.slice(0, maxOfKind).map(toToolSpan),
  ]
  return [request, call, ...below.map((span) => ({ ...span, ...toBelow(call, options) }))]
}

type Place = Pick<Span, 'traceId' | 'spanId' | 'parentSpanId'>
type UnplacedSpan = Omit<Span, keyof Place>

function toBelow({ traceId, spanId }: Span, { newSpanId }: SpanOptions): Place {
  return { traceId, spanId: newSpanId(), parentSpanId: spanId }
}

function toRequestSpan({ record, http }: FinishedExchange, trace: TraceContext): Span {
  const { traceId, spanId, parentSpanId } = trace
  const status = record.outcome?.state === 'disconnected' ? disconnectedStatus : http.status
  const error = toErrorType(record)
  const path = maskSecrets(http.path)
  const named = { name: `${http.method} ${path}`, kind: 'server' } as const
  const own = record.purpose && ({ name: record.purpose.name, kind: 'internal' } as const)
  return {
    traceId,
    spanId,
    parentSpanId,
    ...(own ?? named),
    startedAt: record.startedAt,
    endedAt: record.startedAt + http.ms,
    attributes: {
      'http.request.method': http.method,
      'url.path': path,
      'http.response.status_code': status,
      'error.type': error,
      'session.id': record.admission?.session,
      ...toCallerAttributes(record),
    },
    events: [],
    error: error ?? (status >= 500 ? String(status) : undefined),
  }
}

/** Whose request it is, and where it belongs. */
export function toCallerAttributes({ id, key, clientTrace }: ExchangeRecord): Attributes {
  return {
    'user.id': key?.id,
    'gateway.request_id': id,
    'gateway.key_id': key?.id,
    'gateway.group_id': key?.group,
    'gateway.client_trace_id': clientTrace?.traceId,
    'gateway.client_parent_id': clientTrace?.spanId,
  }
}

function toCallSpan(finished: FinishedExchange, conventions: readonly Convention[]): UnplacedSpan {
  const { record, http } = finished
  const { attempts: [first] = [], requestedModel = '' } = record
  const error = toErrorType(record)
  return {
    name: `${toOperation(record)} ${requestedModel}`,
    kind: 'client',
    startedAt: first?.startedAt ?? record.startedAt,
    endedAt: record.startedAt + http.ms,
    attributes: { ...toCallAttributes(finished, conventions), 'error.type': error },
    events: toEvents(finished, error),
    error,
  }
}

/** The attributes of the logical call in each of the conventions. */
export function toCallAttributes(
  finished: FinishedExchange,
  conventions: readonly Convention[],
): Attributes {
  const views = { gen_ai: toGenAiAttributes, openinference: toOpenInference, langfuse: toLangfuse }
  return Object.fromEntries(conventions.flatMap((name) => Object.entries(views[name](finished))))
}

function toEvents({ record, http }: FinishedExchange, error: string | undefined): SpanEvent[] {
  const { startedAt, contentMs } = record
  const events: SpanEvent[] = []
  if (contentMs !== undefined) {
    events.push({ name: 'gateway.first_content', at: startedAt + contentMs, attributes: {} })
  }
  if (error !== undefined) {
    const attributes = { 'exception.type': error, 'gateway.ending': record.outcome?.state }
    const at = startedAt + http.ms
    events.push({ name: 'gen_ai.client.inference.exception', at, attributes })
  }
  return events
}

function toAttemptSpan({ target, failed, startedAt, ms }: AttemptRecord): UnplacedSpan {
  return {
    name: `attempt ${maskSecrets(target)}`,
    kind: 'client',
    startedAt,
    endedAt: startedAt + ms,
    attributes: { 'gateway.target': maskSecrets(target), 'error.type': failed },
    events: [],
    error: failed,
  }
}

/** What a span of a tool that ran here says of its call. */
export function toToolAttributes(name: string, callId: string): Record<string, string> {
  return {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': name,
    'gen_ai.tool.call.id': callId,
    'gen_ai.tool.type': 'extension',
  }
}

function toToolSpan({ name, callId, startedAt, ms, failed }: ToolRunRecord): UnplacedSpan {
  return {
    name: `execute_tool ${name}`,
    kind: 'internal',
    startedAt,
    endedAt: startedAt + ms,
    attributes: {
      ...toToolAttributes(name, callId),
      'error.type': failed,
    },
    events: [],
    error: failed,
  }
}

/** The error type of the client's response; a disconnect is one too. */
export function toErrorType(record: ExchangeRecord): string | undefined {
  if (record.outcome?.state === 'disconnected') {
    return 'client_disconnected'
  }
  const failure = failureOf(record)
  return failure && toErrorReply(failure).type
}
