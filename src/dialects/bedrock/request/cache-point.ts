/** Anthropic's `cache_control` as a point behind what is to be cached. */
import type { CacheControl } from '../../shared/conversation/system-text.ts'
import type { CachePoint } from '../wire.ts'

export function toCachePoint({ ttl }: CacheControl): CachePoint {
  return { cachePoint: { type: 'default', ...(ttl === '1h' ? { ttl } : {}) } }
}
