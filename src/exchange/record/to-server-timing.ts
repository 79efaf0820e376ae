import type { ExchangeRecord } from './exchange-record.ts'

/**
 * The `server-timing` header, in milliseconds until the response headers: the time spent waiting
 * for upstreams, and the gateway's own.
 */
export function toServerTiming({
  headersMs = 0,
  upstreamMs = 0,
}: Pick<ExchangeRecord, 'headersMs' | 'upstreamMs'>): string {
  return `upstream;dur=${upstreamMs}, gateway;dur=${Math.max(0, headersMs - upstreamMs)}`
}
