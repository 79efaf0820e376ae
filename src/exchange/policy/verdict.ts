/**
 * What a failed attempt means for the next one: whether another may be tried, who is at fault, and for
 * how long it is to be left alone. Pure; the one table of this policy.
 */
import type { Failure } from '../../anthropic/error.ts'

export interface Verdict {
  /**
   * Where the request may go after this. `nowhere`: it is the request's own fault. `larger`: to a model
   * with room for more. `elsewhere`: to another secret or target, whichever is not at fault.
   */
  goesOn: 'nowhere' | 'larger' | 'elsewhere'
  /** What failed: this secret only, or the target, whatever the secret. */
  fault: 'secret' | 'target'
  /**
   * What it says of their health. `none`: nothing, as with every request that was itself at fault.
   * `rests`: leave it alone for {@link restMs}. `strike`: one failure, of which several count.
   */
  health: 'none' | 'rests' | 'strike'
  restMs?: number
  /** Where nothing else is left: how long to wait at least before the same is tried once more. */
  againAfterMs?: number
}

const ownFault: Verdict = { goesOn: 'nowhere', fault: 'target', health: 'none' }
const broken: Verdict = { goesOn: 'elsewhere', fault: 'target', health: 'strike' }

/** Longer, and the client may as well wait itself. */
const maxAgainMs = 2000
/** Where a provider says too much or no time to wait. */
const defaultRestMs = 10_000
/** A credential that was refused is mended by hand. */
const credentialRestMs = 60_000

/** Judges one attempt by how it failed. */
export function judge(failure: Failure): Verdict {
  switch (failure.kind) {
    case 'upstream_unreachable':
    case 'upstream_truncated':
      // Often a connection that was kept open too long; the next is a new one.
      return { ...broken, againAfterMs: 0 }
    case 'upstream_timeout':
    case 'upstream_invalid_response':
      return broken
    case 'upstream_error':
      return judgeError(failure)
    case 'misconfigured':
      return { goesOn: 'elsewhere', fault: 'secret', health: 'none' }
    default:
      // The gateway's own refusals, and bugs.
      return ownFault
  }
}

function judgeError(failure: Extract<Failure, { kind: 'upstream_error' }>): Verdict {
  const { type, upstreamStatus, retryAfter, shouldRetry } = failure
  const waitMs = retryAfter === undefined ? undefined : retryAfter * 1000
  switch (type) {
    case 'rate_limit_error':
      return {
        goesOn: 'elsewhere',
        fault: 'secret',
        health: 'rests',
        restMs: waitMs ?? defaultRestMs,
        ...again(waitMs),
      }
    case 'overloaded_error':
      return waitMs === undefined
        ? broken
        : {
            goesOn: 'elsewhere',
            fault: 'target',
            health: 'rests',
            restMs: waitMs,
            ...again(waitMs),
          }
    case 'timeout_error':
      return broken
    case 'not_found_error':
      // The catalogue names a model that its provider does not have; others may.
      return { goesOn: 'elsewhere', fault: 'target', health: 'none' }
    case 'authentication_error':
    case 'billing_error':
    case 'permission_error':
    case 'api_error':
      return shouldRetry === false || isCredential(upstreamStatus)
        ? {
            goesOn: 'elsewhere',
            fault: 'secret',
            health: 'rests',
            restMs: credentialRestMs,
          }
        : broken
    case 'invalid_request_error':
      return isOverflow(failure.message) ? { ...ownFault, goesOn: 'larger' } : ownFault
    case 'request_too_large':
    case 'conflict_error':
      return ownFault
  }
}

function again(waitMs: number | undefined): Pick<Verdict, 'againAfterMs'> {
  return waitMs === undefined || waitMs > maxAgainMs ? {} : { againAfterMs: waitMs }
}

/** The gateway's own credential or credit is refused, which says nothing of the request. */
function isCredential(status: number | undefined): boolean {
  return status === 401 || status === 402 || status === 403
}

/** As src/dialects/overflow.ts words it for clients. */
function isOverflow(message: string): boolean {
  return /^(?:prompt is too long|input length and `max_tokens` exceed context limit)/.test(message)
}
