/** The sliding minute of a rate limit: no 60 seconds ever exceed the limit. Pure. */
import { windowMs } from '../storage/request-log.ts'

/** An amount that counts for a minute from `at`, in epoch milliseconds. */
export interface CountedAmount {
  at: number
  amount: number
}

/** The sum of the amounts in a window. */
export function sumOf(counted: readonly CountedAmount[]): number {
  return counted.reduce((sum, { amount }) => sum + amount, 0)
}

/** Returns when nothing is counted any more, in epoch milliseconds; `now` for an empty window. */
export function emptyAt(counted: readonly CountedAmount[], now: number): number {
  return counted.reduce((latest, { at }) => Math.max(latest, at + windowMs), now)
}

/** Returns when at most `room` is still counted, in epoch milliseconds. */
export function freeAt(counted: readonly CountedAmount[], room: number, now: number): number {
  let remaining = sumOf(counted)
  for (const { at, amount } of counted.toSorted((a, b) => a.at - b.at)) {
    if (remaining <= room) {
      break
    }
    remaining -= amount
    if (remaining <= room) {
      return at + windowMs
    }
  }
  return now
}
