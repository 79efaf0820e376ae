/**
 * Spans as a request of OTLP/HTTP with JSON
 * (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): ids are hexadecimal, and 64-bit
 * integers are strings.
 */
import type { Attributes, AttributeValue, Span, SpanEvent } from './span.ts'

/** The attributes of what emits the spans. */
export interface Resource {
  /** Attributes of the service, `service.name` among them. */
  attributes: Attributes
  /** The version of the gateway. */
  version: string
}

const kinds = { internal: 1, server: 2, client: 3 } as const
const statusError = 2

/** The name of the code that makes the spans. */
const scope = 'messages-gateway'

/** The body of `POST /v1/traces`. */
export function toTraceRequest(
  spans: readonly Span[],
  { attributes, version }: Resource,
): { resourceSpans: object[] } {
  return {
    resourceSpans: [
      {
        resource: { attributes: toKeyValues(attributes) },
        scopeSpans: [{ scope: { name: scope, version }, spans: spans.map(toOtlpSpan) }],
      },
    ],
  }
}

function toOtlpSpan({ kind, startedAt, endedAt, attributes, events, error, ...ids }: Span): object {
  return {
    ...ids,
    kind: kinds[kind],
    startTimeUnixNano: toNanos(startedAt),
    endTimeUnixNano: toNanos(Math.max(startedAt, endedAt)),
    attributes: toKeyValues(attributes),
    events: events.map(toOtlpEvent),
    status: error === undefined ? {} : { code: statusError, message: error },
  }
}

function toOtlpEvent({ name, at, attributes }: SpanEvent): object {
  return { name, timeUnixNano: toNanos(at), attributes: toKeyValues(attributes) }
}

function toNanos(ms: number): string {
  return `${Math.round(ms)}000000`
}

/** Attributes as a list of `KeyValue`. */
export function toKeyValues(attributes: Attributes): object[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: toAnyValue(value) }],
  )
}

function toAnyValue(value: AttributeValue): object {
  switch (typeof value) {
    case 'string':
      return { stringValue: value }
    case 'boolean':
      return { boolValue: value }
    case 'number':
      return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
    default:
      return 'double' in value
        ? { doubleValue: value.double }
        : { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } }
  }
}
