/** The trace of a request: begun when the request is known, and written when its exchange has finished. */
import type { Context } from 'hono'

import type { JsonObject } from '../../anthropic/json.ts'
import { asCount, asObject } from '../../anthropic/json.ts'
import type { Config } from '../../exchange/config.ts'
import type { RequestParameters } from '../../exchange/record/exchange-record.ts'
import type { Exchange } from '../../exchange/record/exchange.ts'
import type { FinishedExchange } from '../../exchange/trace/finished.ts'
import type { NativeSpan, NativeSpans, NativeTracing } from '../../exchange/trace/native-spans.ts'
import type { TelemetrySettings } from '../../telemetry/settings.ts'
import { parseTraceparent, startTrace } from '../../telemetry/trace-context.ts'
import type { AppEnv, Dependencies } from '../env.ts'

/** Notes the span of the client's that a request belongs to. */
export function readClientTrace(exchange: Exchange, headers: Headers): void {
  const header = headers.get('traceparent')
  if (header !== null) {
    exchange.calledFrom(parseTraceparent(header))
  }
}

/** Begins the trace of a request, unless it has one or traces are sent nowhere. */
export function beginTrace(exchange: Exchange, telemetry: TelemetrySettings | undefined): void {
  const { trace, clientTrace } = exchange.record
  if (trace === undefined && telemetry?.endpoint('traces') !== undefined) {
    exchange.traced(startTrace(clientTrace, telemetry.ratio))
  }
}

/** What tracing needs of the context of a request. */
export type TracedContext = Pick<Context<AppEnv>, 'get'> & {
  /** `tracing`: the platform's; undefined where it has none. */
  executionCtx: Context<AppEnv>['executionCtx'] & { tracing?: NativeTracing }
  set(name: 'spans', spans: NativeSpans): void
}

/**
 * Traces a request to a model: what it asks for, and its steps in the platform's tracing if that records it,
 * which alone takes a promise.
 */
export function traceModelRequest(c: TracedContext, json: JsonObject): Promise<void> | undefined {
  const exchange = c.get('exchange')
  const { telemetry } = c.get('config')
  const { tracing } = c.executionCtx
  const call = tracing?.startSpan('chat')
  const isTraced = call?.isTraced === true
  if (isTraced) {
    const { traceId, spanId } = call.spanContext()
    exchange.traced({ traceId, spanId, parentSpanId: undefined, isSampled: true })
  } else {
    call?.end()
    beginTrace(exchange, telemetry)
  }
  if (exchange.record.trace !== undefined) {
    exchange.parametrized(toParameters(json))
  }
  return isTraced && tracing !== undefined ? observe(c, tracing, call) : undefined
}

async function observe(c: TracedContext, tracing: NativeTracing, call: NativeSpan): Promise<void> {
  const native = await import('../../exchange/trace/native-spans.ts')
  const spans = new native.NativeSpans(tracing, call)
  c.get('exchange').observe(spans)
  c.set('spans', spans)
}

function toParameters(json: JsonObject): RequestParameters {
  const number = (name: string): number | undefined => {
    const value = json[name]
    return typeof value === 'number' ? value : undefined
  }
  return {
    maxTokens: asCount(json['max_tokens']),
    temperature: number('temperature'),
    topP: number('top_p'),
    topK: asCount(json['top_k']),
    isJson: (json['output_format'] ?? asObject(json['output_config'])?.['format']) !== undefined,
  }
}

/** Sets `gateway-trace`: the id by which the trace is found. */
export function nameTrace(headers: Headers, { record: { trace } }: Exchange): void {
  if (trace !== undefined) {
    headers.set('gateway-trace', trace.traceId)
  }
}

/** What writing a trace needs of a request besides the exchange. */
export interface TracedRequest {
  config: Config | undefined
  /** The platform's spans; undefined where it records none. */
  spans: NativeSpans | undefined
  waitUntil: (promise: Promise<unknown>) => void
}

/** Ends the platform's spans, and exports the trace where an endpoint is configured. */
export function writeTrace(
  finished: FinishedExchange,
  { config, spans, waitUntil }: TracedRequest,
  { fetch, writeLog }: Pick<Dependencies, 'fetch' | 'writeLog'>,
): void {
  const { telemetry } = config ?? {}
  spans?.finished(finished, telemetry?.conventions ?? ['gen_ai'])
  if (telemetry?.endpoint('traces') === undefined || finished.record.trace === undefined) {
    return
  }
  const send = async (): Promise<void> => {
    const { exportTrace } = await import('../../exchange/trace/export-trace.ts')
    const failed = await exportTrace(fetch, telemetry, finished)
    if (failed !== undefined) {
      writeLog({ level: 'warn', requestId: finished.record.id, trace_not_sent: failed })
    }
  }
  waitUntil(send())
}
