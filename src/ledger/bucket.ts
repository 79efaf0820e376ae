/**
 * The minute of a rate limit: amounts by the second, over the last 60. A second counts until it is
 * wholly past, so no 60 seconds ever hold more than the limit. Pure.
 */

export interface Slot {
  /** Epoch seconds. */
  second: number
  amount: number
}

const windowSeconds = 60

/** The first second that still counts. */
export function firstCounted(now: number): number {
  return toSecond(now) - windowSeconds
}

export function toSecond(at: number): number {
  return Math.floor(at / 1000)
}

/** What was used in the window. Slots of a clock that has been set back since count as of this second. */
export function sumOf(slots: readonly Slot[]): number {
  return slots.reduce((sum, { amount }) => sum + amount, 0)
}

/** When the last slot has left the window: epoch milliseconds, `now` for an empty one. */
export function emptyAt(slots: readonly Slot[], now: number): number {
  const last = slots.reduce((latest, { second }) => Math.max(latest, second), -Infinity)
  return Math.max(now, (Math.min(last, toSecond(now)) + windowSeconds + 1) * 1000)
}

/** When at most `room` is left in the window: epoch milliseconds. */
export function freeAt(slots: readonly Slot[], room: number, now: number): number {
  let left = sumOf(slots)
  for (const { second, amount } of slots.toSorted((a, b) => a.second - b.second)) {
    if (left <= room) {
      break
    }
    left -= amount
    if (left <= room) {
      return (Math.min(second, toSecond(now)) + windowSeconds + 1) * 1000
    }
  }
  return now
}
