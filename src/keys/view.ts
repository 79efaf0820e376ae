/** The view of a key for commands and the Admin API. */
import type { KeyLimits } from './limits.ts'
import type { KeyRecord, SecretSummary } from './record.ts'
import { isExpired } from './record.ts'
import type { ListedKey } from './store.ts'
import { toSecretSummary } from './store.ts'

/** A secret of a key, without its hash. */
export interface SecretView extends SecretSummary {
  /** When the secret was last used; null if never or unknown. */
  last_used_at: string | null
}

/** A key in a list. */
export interface KeyView {
  id: string
  name: string
  status: KeyRecord['status']
  created_at: string | null
  /** The expiration of the newest secret; null for never. */
  expires_at: string | null
  /** The last four characters of the newest secret. */
  last_four: string
  /** Null for a key without a group. */
  group_id: string | null
  /** The valid secrets, the oldest first. */
  secrets: SecretView[]
}

/** A key with its rights and limits. */
export interface KeyDetails extends KeyView {
  models: string[]
  scopes: string[]
  limits: KeyLimits
  metadata: Record<string, string>
}

/** When each secret was last used, in epoch milliseconds, by its last four characters. */
export type LastUsed = Readonly<Record<string, number>>

/** The view of a listed key. */
export function toListView(listed: ListedKey, lastUsed: LastUsed, now: number): KeyView {
  const { id, name, status, created_at = null, expires_at, last_four, secrets = [] } = listed
  const group_id = listed.group_id ?? null
  const live = toSecretViews(secrets, lastUsed, now)
  return { id, name, status, created_at, expires_at, last_four, group_id, secrets: live }
}

/** The complete view of a key; `records` with the newest last. Undefined if there are none. */
export function toKeyView(
  records: readonly KeyRecord[],
  lastUsed: LastUsed,
  now: number,
): KeyDetails | undefined {
  const newest = records.at(-1)
  if (newest === undefined) {
    return undefined
  }
  const { id, name, status, expires_at, last_four = '????' } = newest
  const { models, scopes, limits, metadata, group_id = null } = newest
  const created_at = records[0]?.created_at ?? newest.created_at
  const secrets = toSecretViews(records.map(toSecretSummary), lastUsed, now)
  return {
    id,
    name,
    status,
    created_at,
    expires_at,
    last_four,
    group_id,
    models,
    scopes,
    limits,
    metadata,
    secrets,
  }
}

function toSecretViews(
  secrets: readonly SecretSummary[],
  lastUsed: LastUsed,
  now: number,
): SecretView[] {
  return secrets
    .filter((secret) => !isExpired(secret, now))
    .map((secret) => {
      const at = lastUsed[secret.last_four]
      return { ...secret, last_used_at: at === undefined ? null : new Date(at).toISOString() }
    })
}
