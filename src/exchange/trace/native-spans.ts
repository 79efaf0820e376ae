/**
 * Spans of an exchange in the platform's own tracing
 * (https://developers.cloudflare.com/workers/observability/traces/custom-spans/), which have to be begun
 * and ended as things happen. Each is ended once.
 */
import type { Convention } from '../../telemetry/settings.ts'
import type { AttributeValue, Attributes } from '../../telemetry/span.ts'
import type { ExchangeObserver } from '../record/observer.ts'
import type { FinishedExchange } from './finished.ts'
import { toCallAttributes, toCallerAttributes, toErrorType, toToolAttributes } from './to-spans.ts'

/** The part of the platform's span that is used. */
export interface NativeSpan {
  readonly isTraced: boolean
  spanContext: () => { traceId: string; spanId: string }
  setAttributes: (attributes: Record<string, string | number | boolean>) => unknown
  setStatus: (status: { code: 'error'; message: string }) => unknown
  updateName: (name: string) => unknown
  end: () => void
}

/** The part of the platform's tracing that is used. */
export interface NativeTracing {
  startSpan: (name: string) => NativeSpan
  withActiveSpan: <Value>(span: NativeSpan, work: () => Value) => Value
}

/** Writes an exchange to the platform's own tracing. */
export class NativeSpans implements ExchangeObserver {
  readonly #tracing: NativeTracing
  readonly #call: NativeSpan
  #attempt: NativeSpan | undefined

  /** `call` is the span of the logical call, which is traced. */
  constructor(tracing: NativeTracing, call: NativeSpan) {
    this.#tracing = tracing
    this.#call = call
  }

  attemptStarted(target: string): void {
    this.attemptEnded(undefined)
    this.#attempt = this.#start(`attempt ${target}`)
    this.#attempt.setAttributes({ 'gateway.target': target })
  }

  attemptEnded(failed: string | undefined): void {
    if (this.#attempt !== undefined) {
      end(this.#attempt, failed)
      this.#attempt = undefined
    }
  }

  toolStarted(name: string, callId: string): (failed: string | undefined) => void {
    const span = this.#start(`execute_tool ${name}`)
    span.setAttributes(toToolAttributes(name, callId))
    return (failed) => end(span, failed)
  }

  /** Ends all that is open. To be called once. */
  finished(exchange: FinishedExchange, conventions: readonly Convention[]): void {
    const error = toErrorType(exchange.record)
    this.attemptEnded(error)
    const { record, http } = exchange
    this.#call.updateName(`chat ${record.requestedModel ?? ''}`)
    this.#call.setAttributes(
      toNative({
        ...toCallAttributes(exchange, conventions),
        'http.response.status_code': http.status,
        ...toCallerAttributes(record),
      }),
    )
    end(this.#call, error)
  }

  #start(name: string): NativeSpan {
    return this.#tracing.withActiveSpan(this.#call, () => this.#tracing.startSpan(name))
  }
}

function end(span: NativeSpan, error: string | undefined): void {
  if (error !== undefined) {
    span.setAttributes({ 'error.type': error })
    span.setStatus({ code: 'error', message: error })
  }
  span.end()
}

/** The platform has no lists of values. */
function toNative(attributes: Attributes): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, toScalar(value)]],
    ),
  )
}

function toScalar(value: AttributeValue): string | number | boolean {
  if (typeof value !== 'object') {
    return value
  }
  return 'double' in value ? value.double : value.join(', ')
}
