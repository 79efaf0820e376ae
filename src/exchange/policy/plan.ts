/** Decides which target is tried next, from the attempts of one request only. */
import type { FailureVerdict } from './verdict.ts'

/**
 * The maximal number of attempts over all targets, since each costs the client time and providers
 * work.
 */
export const maxAttempts = 3

/** A target with one of its secrets. */
export interface Candidate {
  /** The target's name, whatever the secret. */
  name: string
  /** The context window in tokens; absent if it is unknown. */
  limits: { maxInputTokens?: number }
}

/** The next attempt: its target, and how long to wait before it, in milliseconds. */
export interface Step<Target> {
  target: Target
  /**
   * The minimal wait before the attempt, in milliseconds; undefined for a target that was not tried
   * yet.
   */
  waitMs: number | undefined
}

/** The plan of one exchange's attempts over its targets, in order of preference. */
export class AttemptPlan<Target extends Candidate> {
  #remaining: readonly Target[]
  #current: Target | undefined
  #attempts = 0
  #isRetried = false

  /** `ordered` are the targets in order of preference. */
  constructor(ordered: readonly Target[]) {
    this.#remaining = ordered
  }

  first(): Step<Target> | undefined {
    return this.#next()
  }

  /**
   * The step after a target to which no request could be sent, which does not count as an attempt.
   */
  skip(): Step<Target> | undefined {
    this.#remaining = this.#otherTargets()
    this.#attempts -= 1
    return this.#next()
  }

  /** The step after a failed attempt; undefined if none may follow. */
  after({ retry, fault, retryAfterMs }: FailureVerdict): Step<Target> | undefined {
    const failed = this.#current
    if (retry === 'none' || failed === undefined || this.#attempts >= maxAttempts) {
      return undefined
    }
    if (fault === 'target') {
      this.#remaining = this.#otherTargets()
    }
    if (retry === 'larger_model') {
      this.#remaining = this.#remaining.filter((target) => isLarger(target, failed))
    }
    if (this.#remaining.length > 0) {
      return this.#next()
    }
    if (retryAfterMs === undefined || this.#isRetried) {
      return undefined
    }
    this.#isRetried = true
    this.#attempts += 1
    return { target: failed, waitMs: retryAfterMs }
  }

  #next(): Step<Target> | undefined {
    const [target, ...left] = this.#remaining
    this.#current = target
    this.#remaining = left
    this.#attempts += 1
    return target === undefined ? undefined : { target, waitMs: undefined }
  }

  #otherTargets(): readonly Target[] {
    return this.#remaining.filter(({ name }) => name !== this.#current?.name)
  }
}

function isLarger(
  { limits }: Candidate,
  { limits: { maxInputTokens: before } }: Candidate,
): boolean {
  const { maxInputTokens: room } = limits
  return room !== undefined && before !== undefined && room > before
}
