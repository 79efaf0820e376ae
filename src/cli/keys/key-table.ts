/** The table of `keys list`. */
import { isExpired } from '../../keys/record.ts'
import { toTable } from '../platform/table.ts'
import type { ListedView } from './access/key-admin.ts'
import { describeBudgets } from './describe-budgets.ts'

const head = [
  'id',
  'name',
  'group',
  'status',
  'expires',
  'key',
  'created',
  'last used',
  'spent of budgets (USD)',
]

/** Formats keys; `groups` are names by id. */
export function toKeyTable(
  keys: readonly ListedView[],
  groups: ReadonlyMap<string, string>,
): string {
  return toTable(
    head,
    keys.flatMap((key) => toRows(key, groups)),
  )
}

/** One row per active secret, or one for the newest if none is active. */
function toRows(key: ListedView, groups: ReadonlyMap<string, string>): string[][] {
  const { id, name, last_four: lastFour, expires_at: expiresAt, created_at: createdAt } = key
  const status = key.status === 'active' && isExpired(key, Date.now()) ? 'expired' : key.status
  const newest = { last_four: lastFour, expires_at: expiresAt, created_at: createdAt }
  const secrets = key.secrets.length === 0 ? [{ ...newest, last_used_at: null }] : key.secrets
  const { group_id: group } = key
  return secrets.map((secret) => [
    id,
    name,
    group === null ? '-' : (groups.get(group) ?? group),
    status,
    toMinute(secret.expires_at, 'never'),
    `…${secret.last_four}`,
    toMinute(secret.created_at, '-'),
    toMinute(secret.last_used_at, '-'),
    describeBudgets(key.budgets),
  ])
}

/** Formats a time as `2026-11-25 12:00`, in UTC. */
function toMinute(time: string | null, otherwise: string): string {
  return time === null ? otherwise : new Date(time).toISOString().slice(0, 16).replace('T', ' ')
}
