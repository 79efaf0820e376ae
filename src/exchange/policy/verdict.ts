/**
 * Judges a failed attempt: whether another may follow, what is at fault, and the effect on the
 * target's health. Pure; the only table of this policy.
 */
import type { Failure } from '../../anthropic/error.ts'
import { isOverflowMessage } from '../../dialects/shared/errors/overflow.ts'

/** What follows from a failed attempt, for the exchange and for the target's cooldown. */
export interface FailureVerdict {
  /**
   * What may be tried next. `none`: nothing, since the request is at fault. `larger_model`: a model
   * with a larger context window. `other_target`: another secret or target, whichever is not at
   * fault.
   */
  retry: 'none' | 'larger_model' | 'other_target'
  /** What failed: only this secret, or the target with any secret. */
  fault: 'secret' | 'target'
  /**
   * The effect on health. `none`: no effect, as for every invalid request. `cooldown`: a cooldown
   * of {@link cooldownMs}. `strike`: a failure of which several start a cooldown.
   */
  health: 'none' | 'cooldown' | 'strike'
  cooldownMs?: number
  /** The minimal wait in milliseconds before a retry of the same target, if no other is left. */
  retryAfterMs?: number
}

const requestFault: FailureVerdict = { retry: 'none', fault: 'target', health: 'none' }
const targetFault: FailureVerdict = { retry: 'other_target', fault: 'target', health: 'strike' }

/** The longest wait of the gateway in milliseconds; a longer one is left to the client. */
const maxRetryAfterMs = 2000

/** The cooldown in milliseconds if the provider names none. */
const defaultCooldownMs = 10_000

/** The cooldown in milliseconds after a rejected credential, which an operator must replace. */
const credentialCooldownMs = 60_000

/** Judges one attempt by its failure. */
export function judge(failure: Failure): FailureVerdict {
  switch (failure.kind) {
    case 'upstream_unreachable':
    case 'upstream_truncated':
      // Often a stale connection; the next attempt uses a new one.
      return { ...targetFault, retryAfterMs: 0 }
    case 'upstream_timeout':
    case 'upstream_invalid_response':
      return targetFault
    case 'upstream_error':
      return judgeError(failure)
    case 'misconfigured':
      return { retry: 'other_target', fault: 'secret', health: 'none' }
    default:
      // The gateway's own refusals, and its bugs.
      return requestFault
  }
}

function judgeError(failure: Extract<Failure, { kind: 'upstream_error' }>): FailureVerdict {
  const { type, upstreamStatus, retryAfter, shouldRetry } = failure
  const waitMs = retryAfter === undefined ? undefined : retryAfter * 1000
  switch (type) {
    case 'rate_limit_error':
      return {
        retry: 'other_target',
        fault: 'secret',
        health: 'cooldown',
        cooldownMs: waitMs ?? defaultCooldownMs,
        ...toRetry(waitMs),
      }
    case 'overloaded_error':
      return waitMs === undefined
        ? targetFault
        : {
            retry: 'other_target',
            fault: 'target',
            health: 'cooldown',
            cooldownMs: waitMs,
            ...toRetry(waitMs),
          }
    case 'timeout_error':
      return targetFault
    case 'not_found_error':
      // The catalog names a model that this provider does not have; others may.
      return { retry: 'other_target', fault: 'target', health: 'none' }
    case 'authentication_error':
    case 'billing_error':
    case 'permission_error':
    case 'api_error':
      return shouldRetry === false || isCredential(upstreamStatus)
        ? {
            retry: 'other_target',
            fault: 'secret',
            health: 'cooldown',
            cooldownMs: credentialCooldownMs,
          }
        : targetFault
    case 'invalid_request_error':
      return isOverflowMessage(failure.message)
        ? { ...requestFault, retry: 'larger_model' }
        : requestFault
    case 'request_too_large':
    case 'conflict_error':
      return requestFault
  }
}

function toRetry(waitMs: number | undefined): Pick<FailureVerdict, 'retryAfterMs'> {
  return waitMs === undefined || waitMs > maxRetryAfterMs ? {} : { retryAfterMs: waitMs }
}

/** Whether the gateway's own credential or credit was rejected. */
function isCredential(status: number | undefined): boolean {
  return status === 401 || status === 402 || status === 403
}
