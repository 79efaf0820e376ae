/** How many web searches the limits of a key and its group leave today. */
import type { GroupRecord } from '../../keys/groups/record.ts'
import type { KeyRecord } from '../../keys/record.ts'
import type { Exchange } from '../record/exchange.ts'

interface Holder {
  exchange: Exchange
  key: KeyRecord
  group: GroupRecord | undefined
}

/**
 * The number of searches left as it stood when the request was admitted; Infinity where there is no limit.
 */
export function toSearchesLeft({ exchange, key, group }: Holder): number {
  const isForbidden = [key.limits, group?.limits].some((limits) => limits?.web_search === 0)
  return isForbidden ? 0 : (exchange.record.admission?.decision?.searchesLeft ?? Infinity)
}
