import { describe, expect, test } from 'vitest'

import { childOf, parseTraceparent, startTrace } from '../../src/telemetry/trace-context.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const spanId = 'b7ad6b7169203331'

describe('a traceparent', () => {
  test('a traceparent names the trace, the span, and whether the client records it', () => {
    expect(parseTraceparent(`00-${traceId}-${spanId}-01`)).toEqual({
      traceId,
      spanId,
      isSampled: true,
    })
    expect(parseTraceparent(`00-${traceId}-${spanId}-00`)?.isSampled).toBe(false)
  })

  test('a traceparent of a later version may have more fields, and one of this version may not', () => {
    expect(parseTraceparent(`01-${traceId}-${spanId}-01-more`)?.traceId).toBe(traceId)
    expect(parseTraceparent(`00-${traceId}-${spanId}-01-more`)).toBeUndefined()
  })

  test.each([
    ['absent', null],
    ['empty', ''],
    ['of an invalid version', `ff-${traceId}-${spanId}-01`],
    ['in upper case', `00-${traceId.toUpperCase()}-${spanId}-01`],
    ['with a trace of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['with a span of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['cut short', `00-${traceId}-${spanId.slice(1)}-01`],
  ])('a traceparent that is %s is ignored', (_, header) => {
    expect(parseTraceparent(header)).toBeUndefined()
  })
})

describe('the trace of a request', () => {
  test('the trace of a request continues a client’s trace that is recorded, at any ratio', () => {
    const trace = startTrace({ traceId, spanId, isSampled: true }, 0)
    expect(trace).toMatchObject({ traceId, parentSpanId: spanId, isSampled: true })
    expect(trace.spanId).toMatch(/^[\da-f]{16}$/)
  })

  test('a request whose client records no trace starts one', () => {
    const trace = startTrace({ traceId, spanId, isSampled: false }, 1)
    expect(trace).toMatchObject({ parentSpanId: undefined, isSampled: true })
    expect(trace.traceId).toMatch(/^[\da-f]{32}$/)
    expect(trace.traceId).not.toBe(traceId)
  })

  test('the trace of a request is exported as often as the ratio requires', () => {
    const sampled = (ratio: number): number =>
      Array.from({ length: 400 }, () => startTrace(undefined, ratio)).filter(
        ({ isSampled }) => isSampled,
      ).length
    expect([sampled(0), sampled(1)]).toEqual([0, 400])
    expect(sampled(0.5)).toBeGreaterThan(100)
    expect(sampled(0.5)).toBeLessThan(300)
  })

  test('the trace of the gateway’s own request is that of the client’s request', () => {
    const trace = startTrace(undefined, 1)
    expect(childOf(trace)).toMatchObject({ traceId: trace.traceId, parentSpanId: trace.spanId })
  })
})
