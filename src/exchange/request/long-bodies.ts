/**
 * The long bodies that one isolate holds at a time: one that does not fit waits, unread, so that no key can
 * exhaust the memory that all keys share, and none keeps the isolate busy without a pause.
 */
import { GatewayError } from '../../anthropic/error.ts'

const mebibyte = 1024 * 1024

/** The bounds of long bodies, in bytes and milliseconds. */
export const longBodyBounds = {
  /** Bodies up to this length are not counted: many of them fit. */
  shortBytes: mebibyte,
  /**
   * Bytes of all keys. A body takes up to five times its length while it is translated, and less before and
   * after; an isolate has 128 MB (docs/reference/limits.md).
   */
  isolateBytes: 48 * mebibyte,
  /** Bytes of one key, so that one leaves space for others. */
  keyBytes: 16 * mebibyte,
  /** Requests that wait. */
  waiting: 100,
  /** How long one waits. */
  waitMs: 10_000,
  /** How long a body counts whose request was canceled by the runtime, which runs no `finally`. */
  heldMs: 60_000,
  /**
   * A key's share is free again this long after the body is released: about half of the time that translating
   * it takes.
   */
  pauseMsPerMebibyte: 20,
} as const

const pollMs = 25

/** A request that has not polled for so long was canceled, unless a body kept the isolate busy. */
const abandonedAfterMs = 5_000
const retryAfterSeconds = 5

interface Held {
  keyId: string
  byteLength: number
  /** Epoch milliseconds. */
  countsUntil: number
  isReleased: boolean
}

interface Turn {
  held: Held
  byteLength: number
  polledAt: number
}

/** Admits long bodies of an isolate, and queues those that do not fit. */
export class LongBodies {
  readonly #now: () => number
  readonly #wait: (ms: number) => Promise<void>
  readonly #held = new Set<Held>()
  /** The waiting bodies, in order of arrival. */
  #queue: Turn[] = []

  constructor(now: () => number, wait = inRealTime) {
    this.#now = now
    this.#wait = wait
  }

  /** Starts the hold of one request, which holds nothing yet. */
  open(keyId: string): BodyHold {
    return new BodyHold(this, keyId)
  }

  /**
   * Resolves once the body fits, which is at once if the isolate, or the key within it, holds no other. Throws a
   * GatewayError `overloaded` after {@link longBodyBounds.waitMs}.
   */
  async admit(held: Held, byteLength: number): Promise<void> {
    const startedAt = this.#now()
    const turn = { held, byteLength, polledAt: startedAt }
    if (this.#queue.length >= longBodyBounds.waiting) {
      this.#removeAbandoned()
    }
    if (this.#queue.length >= longBodyBounds.waiting) {
      throw overloaded()
    }
    this.#queue.push(turn)
    try {
      while (!this.#isNext(turn)) {
        if (this.#now() - startedAt >= longBodyBounds.waitMs) {
          throw overloaded()
        }
        await this.#wait(pollMs)
        turn.polledAt = this.#now()
      }
    } finally {
      this.#queue = this.#queue.filter((other) => other !== turn)
    }
    held.byteLength = byteLength
    held.countsUntil = this.#now() + longBodyBounds.heldMs
    this.#held.add(held)
  }

  release(held: Held): void {
    if (this.#held.has(held) && !held.isReleased) {
      held.isReleased = true
      const pauseMs = (held.byteLength / mebibyte) * longBodyBounds.pauseMsPerMebibyte
      held.countsUntil = this.#now() + pauseMs
    }
  }

  /** Whether a request is the first that fits. One whose key has its share does not hold up others. */
  #isNext(turn: Turn): boolean {
    this.#removeAbandoned()
    for (const other of this.#queue) {
      const fitsKey = this.#fits(
        other,
        longBodyBounds.keyBytes,
        ({ keyId }) => keyId === other.held.keyId,
      )
      if (other === turn) {
        return fitsKey && this.#fitsIsolate(other)
      }
      if (fitsKey) {
        return false
      }
    }
    return false
  }

  #fitsIsolate(turn: Turn): boolean {
    return this.#fits(turn, longBodyBounds.isolateBytes, ({ isReleased }) => !isReleased)
  }

  #fits({ held, byteLength }: Turn, maxBytes: number, counts: (other: Held) => boolean): boolean {
    let bytes = 0
    for (const other of this.#held) {
      if (other !== held && counts(other)) {
        bytes += other.byteLength
      }
    }
    return bytes === 0 || bytes + byteLength <= maxBytes
  }

  #removeAbandoned(): void {
    const now = this.#now()
    for (const held of this.#held) {
      if (held.countsUntil <= now) {
        this.#held.delete(held)
      }
    }
    this.#queue = this.#queue.filter(({ polledAt }) => now - polledAt < abandonedAfterMs)
  }
}

/** What one request holds. */
export class BodyHold {
  readonly #bodies: LongBodies
  readonly #held: Held

  constructor(bodies: LongBodies, keyId: string) {
    this.#bodies = bodies
    this.#held = { keyId, byteLength: 0, countsUntil: 0, isReleased: false }
  }

  /**
   * Waits until the isolate can hold a body of this length. Throws a GatewayError `overloaded`. What the request held
   * before continues counting while it waits.
   */
  async grow(byteLength: number): Promise<void> {
    if (byteLength > Math.max(longBodyBounds.shortBytes, this.#held.byteLength)) {
      await this.#bodies.admit(this.#held, byteLength)
    }
  }

  /** Gives back what was held beyond a length that is known now. */
  shrink(byteLength: number): void {
    this.#held.byteLength = Math.min(this.#held.byteLength, byteLength)
  }

  /** May be called more than once. */
  release(): void {
    this.#bodies.release(this.#held)
  }
}

function inRealTime(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function overloaded(): GatewayError {
  return new GatewayError({ kind: 'overloaded', retryAfter: retryAfterSeconds })
}
