/**
 * Which targets are in cooldown: a provider's model with one secret. In an isolate's memory
 * (docs/decisions/010), bounded. It only orders targets: where all are in cooldown, the request is sent
 * all the same, so that remembered failures cannot cause an outage of their own.
 */

import { BoundedCache, cacheBounds } from '../../platform/bounded-cache.ts'
import type { FailureVerdict } from './verdict.ts'

interface Health {
  /** When the cooldown ends, in epoch milliseconds. */
  until: number
  /** How many cooldowns its failures have caused since it last worked. */
  cooldowns: number
  window: Window
}

/** Attempts of the current span of time and the one before, so that old ones fade. */
interface Window {
  startedAt: number
  now: Count
  before: Count
}

interface Count {
  failed: number
  all: number
}

/** A provider that asks for an hour is tried again after this, at the price of one attempt. */
const maxCooldownMs = 300_000
const spanMs = 30_000
const minFailures = 3
const maxErrorRate = 0.5
const firstCooldownMs = 15_000

export class Cooldowns {
  readonly #known = new BoundedCache<Health>(cacheBounds.cooldowns)

  /** `name`: of provider, model and secret. `now` in epoch milliseconds, as below. */
  isCoolingDown(name: string, now: number): boolean {
    return (this.#known.get(name)?.until ?? 0) > now
  }

  /** Starts a cooldown: as long as the provider asked for, within bounds, or once it fails too often. */
  fail(
    name: string,
    { health, cooldownMs }: Pick<FailureVerdict, 'health' | 'cooldownMs'>,
    now: number,
  ): void {
    if (health === 'cooldown') {
      coolDown(this.#healthOf(name, now), cooldownMs ?? firstCooldownMs, now)
    } else if (health === 'strike') {
      strike(this.#healthOf(name, now), now)
    }
  }

  /** Ends a cooldown, and the memory of earlier ones. */
  succeed(name: string, now: number): void {
    const health = this.#known.get(name)
    if (health !== undefined) {
      health.until = 0
      health.cooldowns = 0
      count(health.window, now, 0)
    }
  }

  /** Set again at each failure, so that the target that failed least recently is evicted first. */
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
