/**
 * What is to be left alone for a while: a provider's model with one secret. In the memory of an isolate
 * (docs/decisions/010), bounded, and told the time. It only orders: where everything rests, the
 * request is sent all the same, so that no memory of failures can make an outage of its own.
 */

import type { Verdict } from './verdict.ts'

export interface Cooldowns {
  isResting: (name: string, now: number) => boolean
  /** It failed: rests for as long as it asked to, within bounds, or once it fails too often. */
  fail: (name: string, verdict: Pick<Verdict, 'health' | 'restMs'>, now: number) => void
  /** It works: whatever was held against it is forgotten. */
  succeed: (name: string, now: number) => void
}

interface Health {
  restsUntil: number
  /** How often it has had to rest for its failures since it last worked. */
  rests: number
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

/** A provider that asks for an hour is asked again after this, at the price of one attempt. */
const maxRestMs = 300_000
const spanMs = 30_000
const minFailures = 3
const maxErrorRate = 0.5
const firstRestMs = 15_000
const maxKnown = 1000

/** Of one isolate. */
export function createCooldowns(): Cooldowns {
  const known = new Map<string, Health>()

  /** The map's order is that of use: what was longest unused goes first. */
  function healthOf(name: string, now: number): Health {
    const health = known.get(name) ?? {
      restsUntil: 0,
      rests: 0,
      window: { startedAt: now, now: { failed: 0, all: 0 }, before: { failed: 0, all: 0 } },
    }
    known.delete(name)
    known.set(name, health)
    const oldest = known.keys().next().value
    if (known.size > maxKnown && oldest !== undefined) {
      known.delete(oldest)
    }
    return health
  }

  return {
    isResting: (name, now) => (known.get(name)?.restsUntil ?? 0) > now,
    fail(name, { health: said, restMs }, now) {
      if (said === 'rests') {
        rest(healthOf(name, now), restMs ?? firstRestMs, now)
      } else if (said === 'strike') {
        strike(healthOf(name, now), now)
      }
    },
    succeed(name, now) {
      const health = known.get(name)
      if (health !== undefined) {
        health.restsUntil = 0
        health.rests = 0
        count(health.window, now, 0)
      }
    },
  }
}

function rest(health: Health, restMs: number, now: number): void {
  health.restsUntil = Math.max(health.restsUntil, now + Math.min(restMs, maxRestMs))
}

function strike(health: Health, now: number): void {
  if (failsTooOften(count(health.window, now, 1))) {
    rest(health, firstRestMs * 2 ** health.rests, now)
    health.rests += 1
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
