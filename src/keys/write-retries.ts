/** KV takes one write a second per name; whoever comes too early waits and tries again. */
import type { KeyValue } from '../platform/key-value.ts'

/** In milliseconds; the first is longer than what must pass. */
const waits = [1100, 1600, 2400]

/** KV whose writes are repeated where they came too fast. */
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
