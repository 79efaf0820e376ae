/**
 * What a failed attempt means for the next one: whether another may follow, what is at fault, and what it
 * shows of the target's health. Pure; the one table of this policy.
 */
import type { Failure } from '../../anthropic/error.ts'
import { isOverflowMessage } from '../../dialects/shared/errors/overflow.ts'

export interface FailureVerdict {
  /**
   * What may be tried next. `none`: the request itself is at fault. `larger_model`: a model with a larger
   * context window. `other_target`: another secret or target, whichever is not at fault.
   */
  retry: 'none' | 'larger_model' | 'other_target'
  /** What failed: this secret only, or the target, whatever the secret. */
  fault: 'secret' | 'target'
  /**
   * What the failure shows of their health. `none`: nothing, as with every request that was itself at fault.
   * `cooldown`: they are not to be used for {@link cooldownMs}. `strike`: one failure, of which several
   * count.
   */
  health: 'none' | 'cooldown' | 'strike'
  cooldownMs?: number
  /** How long to wait at least before the same target is retried, where no other is left. */
  retryAfterMs?: number
}

const requestFault: FailureVerdict = { retry: 'none', fault: 'target', health: 'none' }
const targetFault: FailureVerdict = { retry: 'other_target', fault: 'target', health: 'strike' }

/** A longer wait is left to the client. */
const maxRetryAfterMs = 2000
/** The cooldown where a provider names none. */
const defaultCooldownMs = 10_000
/** A refused credential is replaced by hand. */
const credentialCooldownMs = 60_000

/** Judges one attempt by how it failed. */
export function judge(failure: Failure): FailureVerdict {
  switch (failure.kind) {
    case 'upstream_unreachable':
    case 'upstream_truncated':
      // Often a connection that was kept open too long; the next is a new one.
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

/** Whether the gateway's own credential or credit was refused, whatever the request. */
function isCredential(status: number | undefined): boolean {
  return status === 401 || status === 402 || status === 403
}
