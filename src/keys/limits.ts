/** What a key may use up, as stored with it. Every limit is optional. */
import * as z from 'zod/mini'

const count = z.number().check(z.int(), z.positive())

/** Requests, input and output tokens in any 60 seconds, and requests under way at once. */
export const rates = z.object({
  rpm: z.optional(count),
  itpm: z.optional(count),
  otpm: z.optional(count),
  concurrency: z.optional(count),
})
export type Rates = z.infer<typeof rates>

export const periods = ['day', 'week', 'month', 'total'] as const

/** Of the calendar, in UTC; weeks begin on Monday. */
export const period = z.enum(periods)
export type Period = z.infer<typeof period>

const usd = z.number().check(z.positive())

export const budget = z.object({
  usd,
  period,
  /** Holds all that a request may cost, so that it is never passed. */
  hard: z.optional(z.boolean()),
  /** Another amount until a date, ISO 8601. */
  raise: z.optional(z.object({ usd, until: z.iso.datetime({ offset: true }) })),
})
export type Budget = z.infer<typeof budget>

/** Of one model or wildcard. */
export const modelLimits = z.extend(rates, { budgets: z.optional(z.array(budget)) })
export type ModelLimits = z.infer<typeof modelLimits>

export const keyLimits = z.extend(rates, {
  /** Counts of tokens a minute; as many as `rpm` where it is not given, in a bucket of their own. */
  count_tokens_rpm: z.optional(count),
  /** By model id or wildcard, each with buckets of its own beside those of the key. */
  models: z.optional(z.record(z.string(), modelLimits)),
  budgets: z.optional(z.array(budget)),
  /** Asks the ledger for every request, so that revoking is immediate without any other limit. */
  strict: z.optional(z.boolean()),
  /** What to do while the ledger cannot be asked; `allow`, but `deny` for budgets and `strict`. */
  on_ledger_failure: z.optional(z.enum(['allow', 'deny'])),
})
export type KeyLimits = z.infer<typeof keyLimits>

/** Whether requests of such a key must wait for the ledger. Others never do. */
export function needsLedger(limits: KeyLimits): boolean {
  const { strict, models, count_tokens_rpm: counts } = limits
  return (
    strict === true ||
    counts !== undefined ||
    hasBudget(limits) ||
    [limits, ...Object.values(models ?? {})].some(hasRate)
  )
}

function hasRate({ rpm, itpm, otpm, concurrency }: Rates): boolean {
  return [rpm, itpm, otpm, concurrency].some((limit) => limit !== undefined)
}

/** Whether money is limited, of all models or of some. */
export function hasBudget({ budgets = [], models = {} }: KeyLimits): boolean {
  return budgets.length > 0 || Object.values(models).some((model) => model.budgets !== undefined)
}

/** Whether a request is let by while the ledger cannot be asked. */
export function allowsWithoutLedger(limits: KeyLimits): boolean {
  const careful = limits.strict === true || hasBudget(limits)
  return (limits.on_ledger_failure ?? (careful ? 'deny' : 'allow')) === 'allow'
}
