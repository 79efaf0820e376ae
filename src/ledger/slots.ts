/** Reads and writes what counts for a minute. */
import type { Slot } from './bucket.ts'
import { firstCounted, toSecond } from './bucket.ts'
import type { Sql } from './sql.ts'
import { toNumber } from './sql.ts'

/** `''` is the key as a whole, any other scope a pattern of models. */
export interface SlotName {
  scope: string
  metric: 'requests' | 'input' | 'output' | 'counts'
}

/** Forgets what has left the window. Where the clock was set back, what lay ahead counts from now on. */
export function tidySlots({ all }: Sql, now: number): void {
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

/** The window's slots. */
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
