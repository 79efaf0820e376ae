/** Groups in KV: `group:<id>` holds the record, written as a whole, so that no write leaves half a change. */
import type { KeyValue } from '../../platform/key-value.ts'
import { listEntries } from '../../platform/list-entries.ts'
import type { GroupRecord, ListedGroup } from './record.ts'
import { groupRecord, groupSummary } from './record.ts'

const prefix = 'group:'

/** The KV key of a group's record. */
export function groupEntry(id: string): string {
  return prefix + id
}

/** The record of a group, deleted or not; undefined for an unknown id. Throws for a damaged record. */
export async function readGroup(
  kv: Pick<KeyValue, 'get'>,
  id: string,
): Promise<GroupRecord | undefined> {
  const text = await kv.get(groupEntry(id))
  return text === null ? undefined : groupRecord.parse(JSON.parse(text))
}

/** Writes a group's record and its summary. */
export async function putGroup(kv: KeyValue, group: GroupRecord): Promise<void> {
  const { id, name, status, created_at } = group
  await kv.put(groupEntry(id), JSON.stringify(group), { metadata: { name, status, created_at } })
}

/** All groups by name, those that were deleted too. */
export async function listGroups(kv: Pick<KeyValue, 'list'>): Promise<ListedGroup[]> {
  const entries = await listEntries(kv, prefix)
  const listed = entries.flatMap(({ name, metadata }) => {
    const summary = groupSummary.safeParse(metadata).data
    return summary === undefined ? [] : [{ id: name.slice(prefix.length), ...summary }]
  })
  return listed.sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id))
}
