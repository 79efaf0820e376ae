/** The platform's tracing as tests see it. */
import type { NativeSpan, NativeTracing } from '../../src/exchange/trace/native-spans.ts'

/** A span that was begun. */
export interface RecordedSpan {
  name: string
  parent: string | undefined
  attributes: Record<string, unknown>
  error: string | undefined
  ended: number
}

/** Tracing that records every span; `isTraced`: whether the platform does. */
export function createTracing(isTraced = true): { tracing: NativeTracing; spans: RecordedSpan[] } {
  const spans: RecordedSpan[] = []
  let active: string | undefined
  const names = new Map<NativeSpan, RecordedSpan>()
  const tracing: NativeTracing = {
    startSpan(name) {
      const span: RecordedSpan = {
        name,
        parent: active,
        attributes: {},
        error: undefined,
        ended: 0,
      }
      spans.push(span)
      const native: NativeSpan = {
        isTraced,
        spanContext: () => ({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }),
        setAttributes: (attributes) => Object.assign(span.attributes, attributes),
        setStatus: ({ message }) => (span.error = message),
        updateName: (renamed) => (span.name = renamed),
        end: () => (span.ended += 1),
      }
      names.set(native, span)
      return native
    },
    withActiveSpan(span, work) {
      const before = active
      active = names.get(span)?.name
      try {
        return work()
      } finally {
        active = before
      }
    },
  }
  return { tracing, spans }
}
