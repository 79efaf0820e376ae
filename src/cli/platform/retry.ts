/** Retries for transient failures: a file locked by another process, a rate limit. */
import { setTimeout as wait } from 'node:timers/promises'

/** The waits between attempts, in milliseconds, and which errors are worth another attempt. */
export interface RetryOptions {
  /** Delays in milliseconds, one per retry. */
  waits: readonly number[]
  /** Whether an error is worth a retry. */
  isTransient: (error: unknown) => boolean
  /** Called before each delay, with its length in milliseconds. */
  onWait?: (waitMs: number) => void
}

/** Returns the first success, or throws the last error. */
export async function withRetry<Value>(
  attempt: () => Promise<Value>,
  { waits, isTransient, onWait }: RetryOptions,
): Promise<Value> {
  for (const waitMs of waits) {
    try {
      return await attempt()
    } catch (error) {
      if (!isTransient(error)) {
        throw error
      }
      onWait?.(waitMs)
      // Jitter of up to 50 %, so that two processes that collided do not collide again.
      await wait(waitMs * (1 + Math.random() / 2))
    }
  }
  return attempt()
}
