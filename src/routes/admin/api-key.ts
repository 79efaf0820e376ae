/**
 * A key as the Admin API tells it: Anthropic's shape
 * (https://platform.claude.com/docs/en/api/admin/api_keys), and what only this gateway knows beside it.
 */
import type { KeyRecord, KeySummary } from '../../keys/record.ts'
import { isExpired } from '../../keys/record.ts'

/** Ours and Anthropic's: `archived` is revoked for good. */
export type ApiKeyStatus = 'active' | 'inactive' | 'archived' | 'expired'

interface Told {
  type: 'api_key'
  id: string
  name: string
  created_at: string | null
  created_by: null
  expires_at: string | null
  partial_key_hint: string
  principal: null
  scope: { type: 'organization' }
  workspace_id: null
  status: ApiKeyStatus
}

/** One of a list. */
export function toListedKey(
  { id, ...summary }: KeySummary & { id: string },
  lastUsed: Readonly<Record<string, number>>,
  now: number,
): object {
  const { secrets = [] } = summary
  return {
    ...toApiKey(id, { ...summary, created_at: summary.created_at ?? null }, now),
    secrets: secrets
      .filter((secret) => !isExpired(secret, now))
      .map((secret) => ({ ...secret, last_used_at: toTime(lastUsed[secret.last_four]) })),
  }
}

/** All that is known of a key; `records` with the newest last. */
export function toShownKey(
  records: readonly KeyRecord[],
  lastUsed: Readonly<Record<string, number>>,
  now: number,
): object | undefined {
  const newest = records.at(-1)
  if (newest === undefined) {
    return undefined
  }
  const { id, models, scopes, limits, metadata, last_four = '????' } = newest
  const created_at = records[0]?.created_at ?? newest.created_at
  return {
    ...toApiKey(id, { ...newest, created_at, last_four }, now),
    models,
    scopes,
    limits,
    metadata,
    secrets: records
      .filter((record) => !isExpired(record, now))
      .map((record) => ({
        last_four: record.last_four ?? '????',
        created_at: record.created_at,
        expires_at: record.expires_at,
        last_used_at: toTime(lastUsed[record.last_four ?? '']),
      })),
  }
}

function toApiKey(
  id: string,
  key: Pick<KeySummary, 'name' | 'status' | 'expires_at' | 'last_four'> & {
    created_at: string | null
  },
  now: number,
): Told {
  const { name, created_at, expires_at } = key
  return {
    type: 'api_key',
    id,
    name,
    created_at,
    created_by: null,
    expires_at,
    partial_key_hint: `gw-${id}-...${key.last_four}`,
    principal: null,
    scope: { type: 'organization' },
    workspace_id: null,
    status: toStatus(key, now),
  }
}

/** What a key is called by Anthropic's words. */
export function toStatus(
  key: Pick<KeySummary, 'status' | 'expires_at'>,
  now: number,
): ApiKeyStatus {
  switch (key.status) {
    case 'revoked':
      return 'archived'
    case 'disabled':
      return 'inactive'
    case 'active':
      return isExpired(key, now) ? 'expired' : 'active'
  }
}

function toTime(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}
