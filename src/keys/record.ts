/** What is stored of a key, beside its hash. Unknown fields are let by, so that an older Worker reads newer records. */
import * as z from 'zod/mini'

import { matchesAny } from '../platform/model-pattern.ts'
import { keyLimits } from './limits.ts'

/** A key that is disabled may be made active again; one that is revoked may not. */
const status = z.enum(['active', 'disabled', 'revoked'])
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
  limits: keyLimits,
  metadata: z.record(z.string(), z.string()),
  /** Grows with every change, so that the key's ledger can tell a stale copy. */
  version: z.optional(z.number()),
  /** Of this secret. */
  last_four: z.optional(z.string()),
})
export type KeyRecord = z.infer<typeof keyRecord>

const secretSummary = z.object({
  last_four: z.string(),
  created_at: z.string(),
  expires_at: z.nullable(z.string()),
})
export type SecretSummary = z.infer<typeof secretSummary>

/** KV metadata of an identity, so that a list of all is one call. */
export const keySummary = z.object({
  name: z.string(),
  status,
  expires_at: z.nullable(z.string()),
  /** Of the newest secret, to tell keys apart. */
  last_four: z.string(),
  /** Of the identity. */
  created_at: z.optional(z.string()),
  /** The secrets that had not expired when this was written, the oldest first. */
  secrets: z.optional(z.array(secretSummary)),
  /** A change has begun and not ended: the records say how the key stands, this does not. */
  changing: z.optional(z.boolean()),
})
export type KeySummary = z.infer<typeof keySummary>

/** What a key may be used for: models, and the Admin API. */
export const scopes = ['inference', 'admin'] as const

/** Whether a key may call the Admin API. */
export function mayAdminister(record: Pick<KeyRecord, 'scopes'>): boolean {
  return record.scopes.includes('admin')
}

/** Whether a key may use models: all but those that are for the Admin API alone. */
export function mayUseModels(record: Pick<KeyRecord, 'scopes'>): boolean {
  return record.scopes.includes('inference') || !mayAdminister(record)
}

/** Whether a key may use a model that goes by any of these names: what the client asked, and the id it stands for. */
export function allowsModel(models: readonly string[], ...names: string[]): boolean {
  return names.some((name) => matchesAny(models, name))
}

/** Whether a key is past its time; `now` in epoch milliseconds. */
export function isExpired({ expires_at }: Pick<KeyRecord, 'expires_at'>, now: number): boolean {
  return expires_at !== null && Date.parse(expires_at) <= now
}
