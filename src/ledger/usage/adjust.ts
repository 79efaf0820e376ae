/** Corrections of what was charged: booked as entries of their own, so that nothing recorded is changed. */
import * as z from 'zod/mini'

import { InvalidChange } from '../../keys/limits-patch.ts'
import type { KeyLimits } from '../../keys/limits.ts'
import { lazySchema } from '../../platform/lazy-schema.ts'
import { toScopes } from '../limits/usage-against-limits.ts'
import { toNano } from '../money.ts'
import type { Adjustment } from '../protocol.ts'
import type { Sql } from '../storage/sql.ts'
import { countRows, insert, readRows } from '../storage/sql.ts'
import { addSpend } from './record-charge.ts'

/** An operator's correction. */
export const adjustmentInput = lazySchema(() =>
  z.strictObject({
    /** Negative for a credit. */
    usd: z.number().check(z.gte(-1e6), z.lte(1e6)),
    why: z.string().check(z.minLength(1), z.maxLength(500)),
    /** The model that it is for: it counts in budgets of that model too. */
    model: z.optional(z.string().check(z.minLength(1), z.maxLength(256))),
    /** ISO 8601; when it counts, now by default. */
    date: z.optional(z.iso.datetime({ offset: true })),
  }),
)

/** The fields of an adjustment; `usd` may be negative. */
export type AdjustmentInput = z.infer<typeof adjustmentInput>

/** The entry of a correction. Throws an {@link InvalidChange}. */
export function toAdjustment(
  { usd, why, model = '', date }: AdjustmentInput,
  { limits, actor, now }: { limits: KeyLimits; actor: string; now: Date },
): Adjustment {
  const at = date === undefined ? now.getTime() : Date.parse(date)
  const cost = toNano(usd)
  if (cost === 0) {
    throw new InvalidChange('usd: must not be 0.')
  }
  if (at > now.getTime()) {
    throw new InvalidChange(`date: ${date} is in the future.`)
  }
  return { id: crypto.randomUUID(), at, cost, why, actor, model, key: '', limits }
}

/** A correction as it is booked. */
export type BookedAdjustment = Omit<Adjustment, 'limits'>

/** Adjustments that are listed, the latest. */
const maxListed = 100

/** Books a correction in budgets and reports. One that is booked already changes nothing. */
export function recordAdjustment(sql: Sql, adjustment: Adjustment): void {
  const { id, at, cost, why, actor, model, key, limits } = adjustment
  sql.atomically(() => {
    if (countRows(sql, 'adjustments WHERE id = ?', id) === 0) {
      insert(sql, 'adjustments', { id, at, cost, why, actor, model, key })
      addSpend(sql, { at, cost }, toScopes({ kind: 'messages', names: [model], limits }))
    }
  })
}

/** The latest corrections, the oldest first. */
export function listAdjustments(sql: Sql): BookedAdjustment[] {
  const newest = 'SELECT * FROM adjustments ORDER BY at DESC, id LIMIT ?'
  return readRows<BookedAdjustment>(sql, newest, maxListed).toReversed()
}
