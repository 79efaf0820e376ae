/**
 * Which target is tried next. Made per request; pure but for what it remembers of the request's own
 * attempts.
 */
import type { Verdict } from './verdict.ts'

/** At most so many attempts over all targets: each costs the client time and the provider work. */
export const maxAttempts = 3

/** A target with one of its secrets. */
export interface Choice {
  /** Of the target, whatever the secret. */
  name: string
  /** Tokens that it has room for; undefined where nobody says. */
  maxInputTokens?: number | undefined
}

export interface Step<Target> {
  target: Target
  /** For the same target once more: how long to wait at least before. */
  waitMs?: number
}

export interface Plan<Target> {
  first: () => Step<Target> | undefined
  /** After an attempt that failed; undefined where nothing is left that may be tried. */
  after: (verdict: Verdict) => Step<Target> | undefined
  /** After a target that could not be asked this at all: no attempt was spent. */
  pass: () => Step<Target> | undefined
}

/** `ordered`: the best first. */
export function createPlan<Target extends Choice>(ordered: readonly Target[]): Plan<Target> {
  let left = [...ordered]
  let current: Target | undefined
  let attempts = 0
  let isRetried = false

  function step(): Step<Target> | undefined {
    current = left.shift()
    attempts += 1
    return current === undefined ? undefined : { target: current }
  }

  function withoutCurrent(): Target[] {
    return left.filter(({ name }) => name !== current?.name)
  }

  return {
    first: step,
    pass() {
      left = withoutCurrent()
      attempts -= 1
      return step()
    },
    after(verdict) {
      const failed = current
      if (verdict.goesOn === 'nowhere' || failed === undefined || attempts >= maxAttempts) {
        return undefined
      }
      if (verdict.fault === 'target') {
        left = withoutCurrent()
      }
      if (verdict.goesOn === 'larger') {
        left = left.filter((target) => isLarger(target, failed))
      }
      if (left.length > 0) {
        return step()
      }
      if (verdict.againAfterMs === undefined || isRetried) {
        return undefined
      }
      isRetried = true
      attempts += 1
      return { target: failed, waitMs: verdict.againAfterMs }
    },
  }
}

function isLarger({ maxInputTokens: room }: Choice, { maxInputTokens: before }: Choice): boolean {
  return room !== undefined && before !== undefined && room > before
}
