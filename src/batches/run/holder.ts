/** The key that pays for a batch, as it is now. */
import { GatewayError } from '../../anthropic/error.ts'
import type { Config } from '../../exchange/config.ts'
import { findGroup } from '../../keys/groups/lookup.ts'
import type { GroupRecord } from '../../keys/groups/record.ts'
import type { KeyRecord } from '../../keys/record.ts'
import { showKey } from '../../keys/store.ts'
import { BoundedCache } from '../../platform/bounded-cache.ts'

/** The key that pays for a batch, and its group. */
export interface Holder {
  key: KeyRecord
  group: GroupRecord | undefined
}

/**
 * Finds the key that made a batch, whichever of its secrets is the newest: an expired one does not matter.
 * `revoked`: for good; `disabled`: the key or its group may be enabled again.
 */
export async function findHolder(
  { keys }: Pick<Config, 'keys'>,
  made: KeyRecord,
  now: number,
): Promise<Holder | 'revoked' | 'disabled'> {
  const records = await showKey(keys, made.id)
  // A key without records was deleted by KV after it had expired.
  const key = records?.at(-1) ?? made
  if (key.status !== 'active') {
    return key.status
  }
  if (key.group_id === undefined) {
    return { key, group: undefined }
  }
  const lookup = { kv: keys, cacheSeconds: 0, now, memory: new BoundedCache<never>(0) }
  try {
    return { key, group: await findGroup(key.group_id, lookup) }
  } catch (error) {
    if (error instanceof GatewayError) {
      return 'disabled'
    }
    throw error
  }
}
