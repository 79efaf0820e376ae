/** An exchange as a data point of Analytics Engine. */
import { nanoPerUsd } from '../../catalog/price.ts'
import type { Charge } from '../../ledger/protocol.ts'

/**
 * Converts an exchange. Queries refer to the columns by position: blobs 1 model, 2 provider, 3
 * error type, 4 session, 5 agent; doubles 1 input, 2 output, 3 cache read, 4 cache write, 5
 * thinking tokens, 6 cost in USD, 7 milliseconds, 8 whether it is estimated, 9 adaptations. The
 * index is the key's id.
 */
export function toDataPoint(
  charge: Charge,
  { keyId, ms }: { keyId: string; ms: number },
): AnalyticsEngineDataPoint {
  const { model, provider, error = '', session = '', agent = '', usage } = charge
  return {
    indexes: [keyId],
    blobs: [model, provider, error, session, agent],
    doubles: [
      usage.input,
      usage.output,
      usage.cacheRead,
      usage.cacheWrite,
      usage.thinking,
      charge.cost / nanoPerUsd,
      ms,
      charge.estimated ? 1 : 0,
      charge.adaptations,
    ],
  }
}
