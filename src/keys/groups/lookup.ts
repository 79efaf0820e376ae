/** The group of a key that sends a request. */
import { GatewayError } from '../../anthropic/error.ts'
import type { BoundedCache } from '../../platform/bounded-cache.ts'
import type { KeyValue } from '../../platform/key-value.ts'
import { kvCacheTtl } from '../authenticate.ts'
import { parseStored } from '../parse-stored.ts'
import type { GroupRecord } from './record.ts'
import { groupRecord } from './record.ts'
import { groupEntry } from './store.ts'

/** A group, and until when it may be used without reading KV (epoch milliseconds). */
export interface RememberedGroup {
  group: GroupRecord
  until: number
}

/** The source of groups, and for how many seconds one is cached. `now` is in epoch milliseconds. */
export interface GroupLookup {
  kv: Pick<KeyValue, 'get'>
  /** Groups by id, for the isolate's lifetime. */
  memory: BoundedCache<RememberedGroup>
  /** The time for which an entry of `memory` is valid; 0 if a change must take effect at once. */
  cacheSeconds: number
  /** Epoch milliseconds. */
  now: number
}

/**
 * The group with this id. Throws a GatewayError `not_permitted` for a group that is disabled or deleted,
 * and `misconfigured` for one that is missing or damaged: without it, its limits would not hold.
 */
export async function findGroup(id: string, lookup: GroupLookup): Promise<GroupRecord> {
  const { memory, cacheSeconds, now } = lookup
  const remembered = memory.get(id)
  const group = remembered && now < remembered.until ? remembered.group : await read(id, lookup)
  if (group.status !== 'active') {
    memory.delete(id)
    throw new GatewayError({
      kind: 'not_permitted',
      message: `The group of this API key is ${group.status}.`,
    })
  }
  if (cacheSeconds > 0 && group !== remembered?.group) {
    memory.set(id, { group, until: now + cacheSeconds * 1000 })
  }
  return group
}

async function read(id: string, { kv, cacheSeconds }: GroupLookup): Promise<GroupRecord> {
  const text = await kv.get(
    groupEntry(id),
    cacheSeconds === 0 ? undefined : { cacheTtl: kvCacheTtl },
  )
  if (text === null) {
    throw new GatewayError({ kind: 'misconfigured', message: toUnusable(id, 'missing') })
  }
  return parseStored(groupRecord, text, (fault) => toUnusable(id, `damaged (${fault})`))
}

function toUnusable(id: string, fault: string): string {
  return `The record of group ${id}, to which this API key belongs, is ${fault} in KV.`
}
