/** What is stored of a key, beside its hash. Unknown fields are let by, so that an older Worker reads newer records. */
import * as z from 'zod/mini'

import { matchesAny } from '../catalog/wildcard.ts'

const count = z.number().check(z.int(), z.positive())

const budget = z.object({
  usd: z.number().check(z.positive()),
  period: z.enum(['day', 'week', 'month', 'total']),
})

const limits = z.object({
  /** Requests per minute. */
  rpm: z.optional(count),
  /** Input tokens per minute. */
  itpm: z.optional(count),
  /** Output tokens per minute. */
  otpm: z.optional(count),
  /** Requests under way at once. */
  concurrency: z.optional(count),
  budgets: z.optional(z.array(budget)),
  /** Refuse, rather than let pass, while the ledger cannot be asked. */
  strict: z.optional(z.boolean()),
})

const status = z.enum(['active', 'revoked'])
const timestamp = z.iso.datetime({ offset: true })

export const keyRecord = z.object({
  /** Names the holder; the same for every secret that the key is rotated to. */
  id: z.string(),
  name: z.string(),
  created_at: timestamp,
  /** Of this secret. */
  expires_at: z.nullable(timestamp),
  status,
  /** Ids or wildcards. */
  models: z.array(z.string()),
  scopes: z.array(z.string()),
  limits,
  metadata: z.record(z.string(), z.string()),
})
export type KeyRecord = z.infer<typeof keyRecord>

/** KV metadata of an identity, so that a list of all is one call. */
export const keySummary = z.object({
  name: z.string(),
  status,
  expires_at: z.nullable(z.string()),
  /** Of the newest secret, to tell keys apart. */
  last_four: z.string(),
})
export type KeySummary = z.infer<typeof keySummary>

/** Whether a key may use a model that goes by any of these names: what the client asked, and the id it stands for. */
export function allowsModel(models: readonly string[], ...names: string[]): boolean {
  return names.some((name) => matchesAny(models, name))
}

/** Whether a key is past its time; `now` in epoch milliseconds. */
export function isExpired({ expires_at }: Pick<KeyRecord, 'expires_at'>, now: number): boolean {
  return expires_at !== null && Date.parse(expires_at) <= now
}
