/** Spans, in the terms of OpenTelemetry. Types only. */

/** A `{ double }` is a floating-point number even where its value is an integer. */
export type AttributeValue = string | number | boolean | readonly string[] | { double: number }

/** Attributes that are undefined are not exported. */
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>

/** An event within a span; `at` is in epoch milliseconds. */
export interface SpanEvent {
  name: string
  /** Epoch milliseconds. */
  at: number
  attributes: Attributes
}

/** A span. Times are epoch milliseconds. */
export interface Span {
  traceId: string
  spanId: string
  parentSpanId: string | undefined
  name: string
  kind: 'server' | 'client' | 'internal'
  /** Epoch milliseconds, as is `endedAt`. */
  startedAt: number
  endedAt: number
  attributes: Attributes
  events: readonly SpanEvent[]
  /** The error type with which it ended. */
  error: string | undefined
}
