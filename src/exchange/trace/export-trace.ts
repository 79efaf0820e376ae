/** Sends the trace of an exchange. Loaded where an endpoint is configured. */
import { version } from '../../../package.json'
import type { Fetch } from '../../platform/fetch.ts'
import { toTraceRequest } from '../../telemetry/otlp-json.ts'
import { sendTelemetry } from '../../telemetry/send.ts'
import type { TelemetrySettings } from '../../telemetry/settings.ts'
import { newSpanId } from '../../telemetry/trace-context.ts'
import type { FinishedExchange } from './finished.ts'
import { toSpans } from './to-spans.ts'

/** Resolves to why the trace could not be sent; undefined if it was, or if it is not sampled and nothing failed. */
export async function exportTrace(
  fetch: Fetch,
  { endpoint, conventions, resource }: TelemetrySettings,
  finished: FinishedExchange,
): Promise<string | undefined> {
  const { trace } = finished.record
  const destination = endpoint('traces')
  if (trace === undefined || destination === undefined) {
    return undefined
  }
  const spans = toSpans(finished, { trace, conventions, newSpanId })
  return trace.isSampled || spans.some(({ error }) => error !== undefined)
    ? sendTelemetry(fetch, destination, toTraceRequest(spans, { attributes: resource, version }))
    : undefined
}
