/** Trying again what another process, or a rate limit, got in the way of. */
import { setTimeout as wait } from 'node:timers/promises'

export interface RetryOptions {
  /** In milliseconds, one per further try. */
  waits: readonly number[]
  /** Whether a fault is of the kind that passes. */
  passes: (error: unknown) => boolean
  /** Hears of every wait, in milliseconds. */
  onWait?: (waitMs: number) => void
}

/** The first success, or the last fault. */
export async function withRetry<Value>(
  attempt: () => Promise<Value>,
  { waits, passes, onWait }: RetryOptions,
): Promise<Value> {
  for (const waitMs of waits) {
    try {
      return await attempt()
    } catch (error) {
      if (!passes(error)) {
        throw error
      }
      onWait?.(waitMs)
      // Up to half as long again, so that two who got in each other's way do not meet again.
      await wait(waitMs * (1 + Math.random() / 2))
    }
  }
  return attempt()
}
