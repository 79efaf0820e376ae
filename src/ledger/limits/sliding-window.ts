/**
 * The sliding minute of a rate limit: amounts by the second, over the last 60. A second counts until all
 * of it is past, so no 60 seconds ever hold more than the limit.
 */
import type { Sql } from '../storage/sql.ts'
import { toNumber } from '../storage/sql.ts'

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

/** `''` is the key as a whole, any other scope a pattern of models. */
export interface SlotName {
  scope: string
  metric: 'requests' | 'input' | 'output' | 'counts'
}

/** Deletes slots that have left the window. Where the clock was set back, what lay ahead counts from now on. */
export function expireSlots({ all }: Sql, now: number): void {
  all('DELETE FROM slots WHERE second < ?', firstCounted(now))
  const second = toSecond(now)
  const ahead = all('SELECT scope, metric, amount FROM slots WHERE second > ?', second)
  if (ahead.length > 0) {
    all('DELETE FROM slots WHERE second > ?', second)
    for (const { scope, metric, amount } of ahead) {
      all(addSlot, scope ?? '', metric ?? '', second, amount ?? 0)
    }
  }
}

const addSlot = `INSERT INTO slots (scope, metric, second, amount) VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET amount = amount + excluded.amount`

/** All slots of one counter that are inside the window. */
export function readSlots({ all }: Sql, { scope, metric }: SlotName): Slot[] {
  const rows = all('SELECT second, amount FROM slots WHERE scope = ? AND metric = ?', scope, metric)
  return rows.map(({ second, amount }) => ({ second: toNumber(second), amount: toNumber(amount) }))
}

/** Counts an amount as of an instant. */
export function addToSlot({ all }: Sql, name: SlotName, at: number, amount: number): void {
  if (amount > 0) {
    all(addSlot, name.scope, name.metric, toSecond(at), amount)
  }
}

/** Corrects what was counted, where it still counts. */
export function correctSlot({ all }: Sql, name: SlotName, at: number, difference: number): void {
  if (difference !== 0) {
    all(
      'UPDATE slots SET amount = max(0, amount + ?) WHERE scope = ? AND metric = ? AND second = ?',
      difference,
      name.scope,
      name.metric,
      toSecond(at),
    )
  }
}
