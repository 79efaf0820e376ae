/**
 * The cooldowns of targets (a provider's model with one secret) in a bounded cache of the isolate
 * (docs/decisions/010). They only affect the order: if all targets are in cooldown, the request is
 * still sent, so that remembered failures cannot cause an outage.
 */

import { BoundedCache, cacheBounds } from '../../platform/bounded-cache.ts'
import type { FailureVerdict } from './verdict.ts'

interface Health {
  /** When the cooldown ends, in epoch milliseconds. */
  until: number
  /** The number of cooldowns since the target last succeeded. */
  cooldowns: number
  window: Window
}

/** Attempts of the current and the previous time window, so that old ones expire. */
interface Window {
  startedAt: number
  now: Count
  before: Count
}

interface Count {
  failed: number
  all: number
}

/**
 * The longest cooldown in milliseconds: a provider that asks for an hour is retried after this, at
 * the cost of one attempt.
 */
const maxCooldownMs = 300_000
const spanMs = 30_000
const minFailures = 3
const maxErrorRate = 0.5
const firstCooldownMs = 15_000

/** The cooldowns of an isolate. Times are epoch milliseconds. */
export class Cooldowns {
  readonly #known = new BoundedCache<Health>(cacheBounds.cooldowns)

  /**
   * Whether a target is in cooldown; `name` is of provider, model and secret, `now` in epoch
   * milliseconds.
   */
  isCoolingDown(name: string, now: number): boolean {
    return (this.#known.get(name)?.until ?? 0) > now
  }

  /** The targets that are in cooldown, and until when. */
  list(now: number): { name: string; until: number }[] {
    return [...this.#known.entries()].flatMap(([name, { until }]) =>
      until > now ? [{ name, until }] : [],
    )
  }

  /**
   * Records a failure: starts a cooldown for as long as the provider asked, within bounds, or when
   * failures are too frequent. Returns when a cooldown ends that begins now; undefined if none does.
   */
  fail(
    name: string,
    { health, cooldownMs }: Pick<FailureVerdict, 'health' | 'cooldownMs'>,
    now: number,
  ): number | undefined {
    const before = this.isCoolingDown(name, now)
    if (health === 'cooldown') {
      coolDown(this.#healthOf(name, now), cooldownMs ?? firstCooldownMs, now)
    } else if (health === 'strike') {
      strike(this.#healthOf(name, now), now)
    }
    const until = this.#known.get(name)?.until ?? 0
    return !before && until > now ? until : undefined
  }

  /** Records a success: ends a cooldown, and resets the count of earlier ones. */
  succeed(name: string, now: number): void {
    const health = this.#known.get(name)
    if (health !== undefined) {
      health.until = 0
      health.cooldowns = 0
      count(health.window, now, 0)
    }
  }

  /**
   * The health of a target, set again at each failure, so that the target with the oldest failure
   * is evicted first.
   */
  #healthOf(name: string, now: number): Health {
    const health = this.#known.get(name) ?? {
      until: 0,
      cooldowns: 0,
      window: { startedAt: now, now: { failed: 0, all: 0 }, before: { failed: 0, all: 0 } },
    }
    this.#known.set(name, health)
    return health
  }
}

function coolDown(health: Health, cooldownMs: number, now: number): void {
  health.until = Math.max(health.until, now + Math.min(cooldownMs, maxCooldownMs))
}

function strike(health: Health, now: number): void {
  if (failsTooOften(count(health.window, now, 1))) {
    coolDown(health, firstCooldownMs * 2 ** health.cooldowns, now)
    health.cooldowns += 1
  }
}

function count(window: Window, now: number, failed: 0 | 1): Window {
  const age = now - window.startedAt
  if (age >= spanMs) {
    window.before = age < 2 * spanMs ? window.now : { failed: 0, all: 0 }
    window.now = { failed: 0, all: 0 }
    window.startedAt = now
  }
  window.now.failed += failed
  window.now.all += 1
  return window
}

function failsTooOften({ now, before }: Window): boolean {
  const failed = now.failed + before.failed
  return failed >= minFailures && failed / (now.all + before.all) > maxErrorRate
}
