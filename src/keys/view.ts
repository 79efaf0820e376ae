/** A key as it is told to whoever may see it: by the commands, and by the Admin API in Anthropic's words. */
import type { KeyLimits } from './limits.ts'
import type { KeyRecord, SecretSummary } from './record.ts'
import { isExpired } from './record.ts'
import type { ListedKey } from './store.ts'

export interface SecretView extends SecretSummary {
  /** Null where it never was, or where that is not known. */
  last_used_at: string | null
}

export interface KeyView {
  id: string
  name: string
  status: KeyRecord['status']
  created_at: string | null
  /** Of the newest secret. */
  expires_at: string | null
  /** Of the newest secret. */
  last_four: string
  /** Those that are live, the oldest first. */
  secrets: SecretView[]
}

export interface WholeKeyView extends KeyView {
  models: string[]
  scopes: string[]
  limits: KeyLimits
  metadata: Record<string, string>
}

/** Last four characters of a secret → when it was last used, in epoch milliseconds. */
export type LastUsed = Readonly<Record<string, number>>

/** One of a list. */
export function toListView(listed: ListedKey, lastUsed: LastUsed, now: number): KeyView {
  const { id, name, status, created_at = null, expires_at, last_four, secrets = [] } = listed
  const live = toSecretViews(secrets, lastUsed, now)
  return { id, name, status, created_at, expires_at, last_four, secrets: live }
}

/** All of it; `records` with the newest last. Undefined where there are none. */
export function toKeyView(
  records: readonly KeyRecord[],
  lastUsed: LastUsed,
  now: number,
): WholeKeyView | undefined {
  const newest = records.at(-1)
  if (newest === undefined) {
    return undefined
  }
  const { id, name, status, expires_at, last_four = '????' } = newest
  const { models, scopes, limits, metadata } = newest
  const created_at = records[0]?.created_at ?? newest.created_at
  const secrets = records.map((record) => ({
    last_four: record.last_four ?? '????',
    created_at: record.created_at,
    expires_at: record.expires_at,
  }))
  return {
    id,
    name,
    status,
    created_at,
    expires_at,
    last_four,
    models,
    scopes,
    limits,
    metadata,
    secrets: toSecretViews(secrets, lastUsed, now),
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
