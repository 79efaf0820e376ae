/**
 * A key in the Admin API: Anthropic's fields
 * (https://platform.claude.com/docs/en/api/admin/api_keys) and the gateway's own.
 */
import type { KeySummary } from '../../../../keys/record.ts'
import { isExpired } from '../../../../keys/record.ts'
import type { KeyView } from '../../../../keys/view.ts'

/** Anthropic's names of a key's states: `inactive` is disabled, `archived` is revoked. */
export type ApiKeyStatus = 'active' | 'inactive' | 'archived' | 'expired'

/** Converts a key, with the optional fields of `view`. */
export function toApiKey(view: KeyView, now: number): object {
  const { id, last_four: lastFour, ...rest } = view
  return {
    type: 'api_key',
    id,
    ...rest,
    status: toStatus(view, now),
    partial_key_hint: `gw-${id}-...${lastFour}`,
    created_by: null,
    principal: null,
    scope: { type: 'organization' },
    workspace_id: view.group_id,
  }
}

/** Returns the state of a key by Anthropic's name. */
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
