/** A patch of limits: given ones are set, null removes one, others stay. */
import * as z from 'zod/mini'

import { lazySchema } from '../platform/lazy-schema.ts'
import type { Budget, KeyLimits, ModelLimits } from './limits.ts'
import { keyLimits, modelLimits, period } from './limits.ts'

/** The schema of a patch, built at its first use, since few isolates ever change a key. */
export const limitsPatch = lazySchema(() => {
  const count = z.nullable(z.number().check(z.int(), z.positive()))
  /** Budgets, at most one per period. */
  const budgets = z.array(
    z.strictObject({
      usd: z.nullable(z.number().check(z.positive())),
      period,
      hard: z.nullish(z.boolean()),
      /** ISO 8601: `usd` applies until then, and afterwards the previous amount. */
      until: z.optional(z.iso.datetime({ offset: true })),
    }),
  )
  const ratesPatch = z.strictObject({
    rpm: z.optional(count),
    itpm: z.optional(count),
    otpm: z.optional(count),
    concurrency: z.optional(count),
  })
  const modelPatch = z.extend(ratesPatch, { budgets: z.optional(budgets) })
  return z.strictObject({
    ...ratesPatch.shape,
    count_tokens_rpm: z.optional(count),
    models: z.optional(z.record(z.string().check(z.minLength(1)), z.nullable(modelPatch))),
    budgets: z.optional(budgets),
    files: z.nullish(z.strictObject({ bytes: z.optional(count), count: z.optional(count) })),
    batch: z.nullish(
      z.strictObject({ items_per_day: z.optional(count), in_flight: z.optional(count) }),
    ),
    web_search: z.nullish(z.number().check(z.int(), z.gte(0))),
    strict: z.nullish(z.boolean()),
    on_ledger_failure: z.nullish(z.enum(['allow', 'deny'])),
  })
})

/** A patch of limits. */
export type LimitsPatch = z.infer<typeof limitsPatch>

/** A patch of the limits of one model. */
export type ModelLimitsPatch = NonNullable<NonNullable<LimitsPatch['models']>[string]>

/** A budget of a patch. */
export type BudgetPatch = NonNullable<LimitsPatch['budgets']>[number]

/** The time of a change, and what is called once it is decided and before it is written. */
export interface ChangeOptions<Changed> {
  now: Date
  /** Called with the newest record before KV is written, which takes time and may fail. */
  onDecided?: (newest: Changed) => void
}

/** The error for a change that cannot be made; its message is a sentence. */
export class InvalidChange extends Error {
  override readonly name = 'InvalidChange'
}

/** Makes a change; one that cannot be made ({@link InvalidChange}) becomes the fault that says why. */
export async function asFault<Changed>(
  change: () => Promise<Changed>,
): Promise<Changed | { fault: string }> {
  try {
    return await change()
  } catch (error) {
    if (error instanceof InvalidChange) {
      return { fault: error.message }
    }
    throw error
  }
}

/** Applies a patch to limits. Throws an {@link InvalidChange}. */
export function applyLimits(limits: KeyLimits, patch: LimitsPatch): KeyLimits {
  const { models, budgets, files, batch, ...rest } = patch
  const merged = {
    ...limits,
    ...rest,
    files: applyCounts(limits.files, files),
    batch: applyCounts(limits.batch, batch),
    models: applyModels(limits.models ?? {}, models ?? {}),
    budgets: applyBudgets(limits.budgets, budgets),
  }
  return keyLimits.parse(withoutEmpty(merged))
}

/** Undefined patches change nothing; null removes all. */
function applyCounts(
  known: Readonly<Record<string, unknown>> | undefined,
  patch: Readonly<Record<string, unknown>> | null | undefined,
): Record<string, unknown> | null {
  return patch === null ? null : withoutEmpty({ ...known, ...patch })
}

function applyModels(
  known: Readonly<Record<string, ModelLimits>>,
  patch: NonNullable<LimitsPatch['models']>,
): Record<string, ModelLimits> {
  const merged: Record<string, ModelLimits | null> = { ...known }
  for (const [pattern, change] of Object.entries(patch)) {
    merged[pattern] = change === null ? null : applyModel(known[pattern] ?? {}, change)
  }
  const entries = Object.entries(merged).flatMap(([pattern, limits]): [string, ModelLimits][] =>
    limits === null || Object.keys(limits).length === 0 ? [] : [[pattern, limits]],
  )
  return Object.fromEntries(entries)
}

function applyModel(known: ModelLimits, { budgets, ...rates }: ModelLimitsPatch): ModelLimits {
  const merged = { ...known, ...rates, budgets: applyBudgets(known.budgets, budgets) }
  return modelLimits.parse(withoutEmpty(merged))
}

function applyBudgets(known: readonly Budget[] = [], patch: readonly BudgetPatch[] = []): Budget[] {
  const changed = new Set(patch.map((budget) => budget.period))
  if (changed.size < patch.length) {
    throw new InvalidChange('There are two budgets for one period; a period can have only one.')
  }
  return [
    ...known.filter((budget) => !changed.has(budget.period)),
    ...patch.flatMap((change) =>
      toBudget(
        known.find((budget) => budget.period === change.period),
        change,
      ),
    ),
  ]
}

function toBudget(
  known: Budget | undefined,
  { usd, hard, until, ...named }: BudgetPatch,
): Budget[] {
  if (usd === null) {
    return []
  }
  const isHard = (hard === undefined ? known?.hard : hard) === true
  const kind = isHard ? { hard: true } : {}
  if (until === undefined) {
    return [{ usd, ...named, ...kind }]
  }
  if (known === undefined) {
    throw new InvalidChange(
      `There is no budget for the period ${named.period} to raise until ${until}; set one first.`,
    )
  }
  return [{ usd: known.usd, ...named, ...kind, raise: { usd, until } }]
}

/** Returns the fields without null and without empty arrays and objects. */
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
