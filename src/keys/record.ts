/**
 * The stored record of a key. Unknown fields are ignored, so that an older Worker reads newer
 * records.
 */
import * as z from 'zod/mini'

import { lazySchema } from '../platform/lazy-schema.ts'
import { matchesAny } from '../platform/model-pattern.ts'
import { keyLimits } from './limits.ts'

/** The status of a key. A disabled key can be enabled again; a revoked one cannot. */
const status = z.enum(['active', 'disabled', 'revoked'])
const timestamp = z.iso.datetime({ offset: true })

/** The person or pipeline that a key was issued to by sign-in. */
const owner = lazySchema(() =>
  z.object({
    /** Who vouched for it: an OpenID Connect issuer, and what that calls it. */
    issuer: z.string(),
    subject: z.string(),
    email: z.optional(z.string()),
    groups: z.array(z.string()),
  }),
)

/** The person or pipeline that holds a key of sign-in. */
export type KeyOwner = z.infer<typeof owner>

/** The schema of a stored key. */
export const keyRecord = z.object({
  /** Identifies the holder; the same for every secret of the key. */
  id: z.string(),
  name: z.string(),
  created_at: timestamp,
  /** The expiration of this secret; null for never. */
  expires_at: z.nullable(timestamp),
  status,
  /** The models that the key may use: ids or wildcards. */
  models: z.array(z.string()),
  scopes: z.array(z.string()),
  limits: keyLimits,
  metadata: z.record(z.string(), z.string()),
  /** The group whose limits apply in addition to the key's own. */
  group_id: z.optional(z.string()),
  /** Present for a key of sign-in. */
  owner: z.optional(owner),
  /** The session that this secret belongs to: it is valid for as long as that is (src/identity/tokens/). */
  session: z.optional(z.string()),
  /** Increases with every change, so that the key's ledger recognizes a stale copy. */
  version: z.optional(z.number()),
  /** The last four characters of this secret. */
  last_four: z.optional(z.string()),
})

/** A stored key. */
export type KeyRecord = z.infer<typeof keyRecord>

const secretSummary = lazySchema(() =>
  z.object({
    last_four: z.string(),
    created_at: z.string(),
    expires_at: z.nullable(z.string()),
  }),
)

/** What a list shows of one secret of a key. */
export type SecretSummary = z.infer<typeof secretSummary>

/** The KV metadata of an identity, so that all are listed by one call. */
export const keySummary = lazySchema(() =>
  z.object({
    name: z.string(),
    status,
    expires_at: z.nullable(z.string()),
    /** The last four characters of the newest secret. */
    last_four: z.string(),
    group_id: z.optional(z.string()),
    /** Whether it is the key of a person or pipeline that signs in. */
    signs_in: z.optional(z.boolean()),
    /** When the identity was created. */
    created_at: z.optional(z.string()),
    /** The secrets that were valid when this was written, the oldest first. */
    secrets: z.optional(z.array(secretSummary)),
    /** A change has begun and not ended: the records have the key's state, and this has not. */
    changing: z.optional(z.boolean()),
  }),
)

/** What a list shows of a key, stored as metadata of its entry in KV. */
export type KeySummary = z.infer<typeof keySummary>

/** The scopes of keys: models, the Admin API, what of the Admin API changes nothing, and metrics. */
export const scopes = ['inference', 'admin', 'read', 'metrics'] as const

/** Whether a key may call the Admin API. */
export function mayAdminister(record: Pick<KeyRecord, 'scopes'>): boolean {
  return record.scopes.includes('admin')
}

/** Whether a key may read what the Admin API shows of all keys. */
export function mayReadAll(record: Pick<KeyRecord, 'scopes'>): boolean {
  return mayAdminister(record) || record.scopes.includes('read')
}

/** Whether a key may use models, unless it is only for something else. */
export function mayUseModels(record: Pick<KeyRecord, 'scopes'>): boolean {
  return record.scopes.includes('inference') || !mayReadMetrics(record)
}

/** Whether a key may read metrics. */
export function mayReadMetrics(record: Pick<KeyRecord, 'scopes'>): boolean {
  return record.scopes.includes('metrics') || mayReadAll(record)
}

/**
 * Whether a model may be used by a key and the key's group, each of which has a list. `names`: what the client
 * asked for, and the id that it names.
 */
export function allowsModel(
  holders: readonly ({ models: readonly string[] } | undefined)[],
  ...names: string[]
): boolean {
  return holders.every(
    (holder) => holder === undefined || names.some((name) => matchesAny(holder.models, name)),
  )
}

/** Whether a key has expired; `now` in epoch milliseconds. */
export function isExpired({ expires_at }: Pick<KeyRecord, 'expires_at'>, now: number): boolean {
  return expires_at !== null && Date.parse(expires_at) <= now
}
