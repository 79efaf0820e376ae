/** The limits of a key, as stored. Every limit is optional. */
import * as z from 'zod/mini'

import { lazySchema } from '../platform/lazy-schema.ts'

const optionalCount = z.optional(z.number().check(z.int(), z.positive()))

/** Requests, input and output tokens in any 60 seconds, and concurrent requests. */
export const rates = z.object({
  rpm: optionalCount,
  itpm: optionalCount,
  otpm: optionalCount,
  concurrency: optionalCount,
})

/** The rate limits per minute of a key or of one model. */
export type Rates = z.infer<typeof rates>

const usd = z.number().check(z.positive())

/** The periods of budgets. */
export const periods = ['day', 'week', 'month', 'total'] as const

/** The period of a budget, in UTC; weeks begin on Monday. */
export const period = z.enum(periods)

/** A period of a budget; windows begin at 00:00 UTC. */
export type Period = z.infer<typeof period>

/** The schema of a budget. */
export const budget = lazySchema(() =>
  z.object({
    usd,
    period,
    /** Whether the maximal cost of each request is reserved, so that the budget is never exceeded. */
    hard: z.optional(z.boolean()),
    /** A temporary amount until a date in ISO 8601. */
    raise: z.optional(z.object({ usd, until: z.iso.datetime({ offset: true }) })),
  }),
)

/** A limit on the cost in a period, in US dollars. */
export type Budget = z.infer<typeof budget>

/** The limits of one model or wildcard. */
export const modelLimits = lazySchema(() =>
  z.extend(rates, { budgets: z.optional(z.array(budget)) }),
)

/** The limits of one model, or of those that a pattern matches. */
export type ModelLimits = z.infer<typeof modelLimits>

/** The schema of a key's limits. */
export const keyLimits = z.extend(rates, {
  /** Token count requests per minute, counted separately; `rpm` by default. */
  count_tokens_rpm: optionalCount,
  /** Limits by model id or wildcard, in addition to those of the key. */
  models: z.optional(z.record(z.string(), modelLimits)),
  budgets: z.optional(z.array(budget)),
  /** What the key's files may occupy: bytes (default 1 GB) and their number (default 10,000). */
  files: z.optional(lazySchema(() => z.object({ bytes: optionalCount, count: optionalCount }))),
  /** Web searches per day in UTC; 0 forbids them. */
  web_search: z.optional(z.number().check(z.int(), z.gte(0))),
  /** Requests in message batches: per day in UTC, and of all batches that have not ended. */
  batch: z.optional(
    lazySchema(() => z.object({ items_per_day: optionalCount, in_flight: optionalCount })),
  ),
  /**
   * Whether the ledger admits every request, so that revocation is immediate even without other
   * limits.
   */
  strict: z.optional(z.boolean()),
  /**
   * What happens while the ledger is unavailable: `allow` by default, `deny` with budgets or
   * `strict`.
   */
  on_ledger_failure: z.optional(z.enum(['allow', 'deny'])),
})

/** The limits of a key or group. */
export type KeyLimits = z.infer<typeof keyLimits>

/** Whether requests of a key with these limits need the ledger's admission. */
export function needsLedger(limits: KeyLimits): boolean {
  const { strict, models, count_tokens_rpm: counts, web_search: searches = 0 } = limits
  return (
    strict === true ||
    searches > 0 ||
    counts !== undefined ||
    hasBudget(limits) ||
    [limits, ...Object.values(models ?? {})].some(hasRate)
  )
}

function hasRate({ rpm, itpm, otpm, concurrency }: Rates): boolean {
  return [rpm, itpm, otpm, concurrency].some((limit) => limit !== undefined)
}

/** Whether there is a budget, for all models or some. */
export function hasBudget({ budgets = [], models = {} }: KeyLimits): boolean {
  return budgets.length > 0 || Object.values(models).some((model) => model.budgets !== undefined)
}

/** Whether a request is admitted while the ledger is unavailable. */
export function allowsWithoutLedger(limits: KeyLimits): boolean {
  const careful = limits.strict === true || hasBudget(limits)
  return (limits.on_ledger_failure ?? (careful ? 'deny' : 'allow')) === 'allow'
}
