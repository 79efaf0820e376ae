/** A change of limits: what is named is set, null takes it away, the rest stays. */
import * as z from 'zod/mini'

import type { Budget, KeyLimits, Rates } from './limits.ts'
import { keyLimits, period, rates } from './limits.ts'

/** Built at its first use: few isolates of a Worker ever change a key. */
export const limitsPatch = z.lazy(() => {
  const count = z.nullable(z.number().check(z.int(), z.positive()))
  const ratesPatch = z.strictObject({
    rpm: z.optional(count),
    itpm: z.optional(count),
    otpm: z.optional(count),
    concurrency: z.optional(count),
  })
  return z.strictObject({
    ...ratesPatch.shape,
    count_tokens_rpm: z.optional(count),
    models: z.optional(z.record(z.string().check(z.minLength(1)), z.nullable(ratesPatch))),
    /** One a period. */
    budgets: z.optional(
      z.array(z.strictObject({ usd: z.nullable(z.number().check(z.positive())), period })),
    ),
    strict: z.optional(z.nullable(z.boolean())),
    on_ledger_failure: z.optional(z.nullable(z.enum(['allow', 'deny']))),
  })
})
export type LimitsPatch = z.infer<typeof limitsPatch>
export type RatesPatch = NonNullable<NonNullable<LimitsPatch['models']>[string]>

/** The limits after a change. */
export function applyLimits(limits: KeyLimits, patch: LimitsPatch): KeyLimits {
  const { models, budgets, ...rest } = patch
  const merged = {
    ...limits,
    ...rest,
    models: applyModels(limits.models ?? {}, models ?? {}),
    budgets: applyBudgets(limits.budgets ?? [], budgets ?? []),
  }
  return keyLimits.parse(withoutEmpty(merged))
}

function applyModels(
  known: Readonly<Record<string, Rates>>,
  patch: NonNullable<LimitsPatch['models']>,
): Record<string, Rates> {
  const merged: Record<string, Rates | null> = { ...known }
  for (const [pattern, change] of Object.entries(patch)) {
    merged[pattern] =
      change === null ? null : rates.parse(withoutEmpty({ ...known[pattern], ...change }))
  }
  const entries = Object.entries(merged).flatMap(([pattern, rate]): [string, Rates][] =>
    rate === null || Object.keys(rate).length === 0 ? [] : [[pattern, rate]],
  )
  return Object.fromEntries(entries)
}

function applyBudgets(
  known: readonly Budget[],
  patch: NonNullable<LimitsPatch['budgets']>,
): Budget[] {
  const changed = new Set(patch.map((budget) => budget.period))
  return [
    ...known.filter((budget) => !changed.has(budget.period)),
    ...patch.flatMap(({ usd, period: of }) => (usd === null ? [] : [{ usd, period: of }])),
  ]
}

/** Without what is null, and without lists and tables that hold nothing. */
function withoutEmpty(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) =>
        value !== null &&
        value !== undefined &&
        !(typeof value === 'object' && Object.keys(value).length === 0),
    ),
  )
}
