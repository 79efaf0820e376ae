/** Retries writes to KV, which accepts one per second and name. */
import type { KeyValue } from '../platform/key-value.ts'

/** The delays before retries in milliseconds; the first is longer than KV's second. */
const waits = [1100, 1600, 2400]

/** Wraps KV so that rejected writes are retried. */
export function withWriteRetries(kv: KeyValue): KeyValue {
  return {
    get: (key, options) => kv.get(key, options),
    list: (options) => kv.list(options),
    async put(key, value, options) {
      for (const waitMs of waits) {
        try {
          return await kv.put(key, value, options)
        } catch (error) {
          if (!(error instanceof Error && /\b429\b/.test(error.message))) {
            throw error
          }
        }
        await new Promise((resolve) => setTimeout(resolve, waitMs))
      }
      return kv.put(key, value, options)
    },
  }
}
