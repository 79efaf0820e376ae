/** What follows from the failure of an item: it is its result, or the item is tried again later. Pure. */
import type { Failure } from '../../anthropic/error.ts'

/**
 * What follows from a failed item: no retry, or one at the time `at`, in epoch milliseconds, of the item alone
 * or of all that its provider or key has.
 */
export type ItemVerdict =
  /** The item cannot succeed. */
  | { retry: 'never' }
  /** The item alone waits, or what else the provider, or the key, would do with it. Epoch milliseconds. */
  | { retry: 'item' | 'provider' | 'key'; at: number }

/** The longest wait in milliseconds before an item is tried again. */
const maxWaitMs = 600_000
const firstWaitMs = 5000

/** The wait where no reset of a budget is known, in milliseconds. */
const budgetWaitMs = 3_600_000

/** The wait in milliseconds after so many tries. */
export function toWaitMs(tries: number): number {
  return Math.min(maxWaitMs, firstWaitMs * 2 ** Math.min(tries, 20))
}

/** `tries`: how often the item's slice was put off. */
export function judgeItem(
  failure: Failure,
  { now, tries }: { now: number; tries: number },
): ItemVerdict {
  const at = now + toWaitMs(tries)
  switch (failure.kind) {
    case 'limit_reached':
      return { retry: 'key', at: now + failure.retryAfter * 1000 }
    case 'budget_reached':
      return { retry: 'key', at: toReset(now, failure.retryAfter) }
    case 'ledger_unavailable':
    // The key or its group is disabled: the next claim finds out whether for good.
    case 'invalid_key':
    case 'not_permitted':
      return { retry: 'key', at }
    case 'upstream_error':
      return judgeUpstream(failure, { now, at })
    case 'upstream_unreachable':
    case 'upstream_timeout':
    case 'upstream_invalid_response':
    case 'upstream_truncated':
    case 'client_disconnected':
      return { retry: 'item', at }
    default:
      return { retry: 'never' }
  }
}

function judgeUpstream(
  { status, type, retryAfter, shouldRetry }: Extract<Failure, { kind: 'upstream_error' }>,
  { now, at }: { now: number; at: number },
): ItemVerdict {
  if (shouldRetry === false) {
    return { retry: 'never' }
  }
  if (type === 'rate_limit_error' || type === 'overloaded_error') {
    return { retry: 'provider', at: retryAfter === undefined ? at : now + retryAfter * 1000 }
  }
  return status >= 500 ? { retry: 'item', at } : { retry: 'never' }
}

function toReset(now: number, seconds: number | undefined): number {
  return now + (seconds === undefined ? budgetWaitMs : seconds * 1000)
}
