/**
 * The place of a request in a trace, as W3C's `traceparent` carries it
 * (https://www.w3.org/TR/trace-context/).
 */
import { toHex } from '../platform/bytes.ts'

/** The span of a client that a request belongs to. */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  traceId: string
  /** 16 hexadecimal digits. */
  spanId: string
  /** Whether the client records its trace. */
  isSampled: boolean
}

/** The trace of one request, and the id of the request's own span. */
export interface TraceContext {
  traceId: string
  spanId: string
  /** The span above it; undefined for the first one of a trace. */
  parentSpanId: string | undefined
  /** Whether the trace is exported even if nothing failed. */
  isSampled: boolean
}

const pattern = /^(?!ff)([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:$|-)/

/** Parses a `traceparent`; undefined if it is absent or invalid, which the specification has ignored. */
export function parseTraceparent(header: string | null | undefined): TraceParent | undefined {
  const [, version, traceId, spanId, flags] = pattern.exec(header ?? '') ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) {
    return undefined
  }
  const isTooLong = version === '00' && header?.length !== 55
  return isTooLong || isZero(traceId) || isZero(spanId)
    ? undefined
    : { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

/**
 * Starts the trace of a request: continues the client's if that is recorded, else begins one, of which the
 * share `ratio` is exported.
 */
export function startTrace(parent: TraceParent | undefined, ratio: number): TraceContext {
  if (parent?.isSampled === true) {
    const { traceId, spanId } = parent
    return { traceId, spanId: newSpanId(), parentSpanId: spanId, isSampled: true }
  }
  const traceId = randomHex(16)
  // As OpenTelemetry's TraceIdRatioBased: the last 56 bits are random.
  const isSampled = Number.parseInt(traceId.slice(-13), 16) < ratio * 2 ** 52
  return { traceId, spanId: newSpanId(), parentSpanId: undefined, isSampled }
}

/** The trace of a request that the gateway makes for another one. */
export function childOf({ traceId, spanId, isSampled }: TraceContext): TraceContext {
  return { traceId, spanId: newSpanId(), parentSpanId: spanId, isSampled }
}

/** A random id of a span: 16 hexadecimal digits, not all of them zero. */
export function newSpanId(): string {
  return randomHex(8)
}

function randomHex(length: number): string {
  const hex = toHex(crypto.getRandomValues(new Uint8Array(length)))
  return isZero(hex) ? randomHex(length) : hex
}

function isZero(id: string): boolean {
  return /^0+$/.test(id)
}
