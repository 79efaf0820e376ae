/** Changes of a group: the one implementation of their rules, for the commands and the Admin API. */
import * as z from 'zod/mini'

import { defined } from '../../platform/defined.ts'
import type { KeyValue } from '../../platform/key-value.ts'
import { writeAudit } from '../audit.ts'
import { checkDates, keyInput } from '../fields.ts'
import { mintId } from '../key.ts'
import type { ChangeOptions } from '../limits-patch.ts'
import { applyLimits, asFault, InvalidChange } from '../limits-patch.ts'
import { listKeys } from '../store.ts'
import type { GroupRecord } from './record.ts'
import { listGroups, putGroup, readGroup } from './store.ts'

/**
 * The input for a group. Every field is optional: a new group has defaults, a changed one keeps its
 * values.
 */
export const groupInput = z.pick(keyInput, {
  name: true,
  models: true,
  limits: true,
  metadata: true,
})

/** The fields of a group that its creator sets. */
export type GroupInput = z.infer<typeof groupInput>

/** A change of a group. */
export type GroupOperation =
  | { type: 'update'; fields: GroupInput; status: 'active' | 'disabled' | undefined }
  | { type: 'delete' }

/** `actor` is for the audit log. */
export type GroupChange = GroupOperation & { id: string; actor: string }

/** The group as it is then, or why nothing was changed. */
export type ChangedGroup = { group: GroupRecord } | { fault: string }

/** The audit log of a group is found by this in place of a key's id. */
export function toAuditId(groupId: string): string {
  return `group:${groupId}`
}

/** Creates a group, or returns why not: names are unique among groups that are not deleted. */
export async function makeGroup(
  kv: KeyValue,
  { name, ...input }: GroupInput & { name: string },
  { now, actor }: { now: Date; actor: string },
): Promise<ChangedGroup> {
  return asFault(async () => {
    checkDates(input, now)
    await checkName(kv, name)
    const group: GroupRecord = {
      id: mintId(),
      name,
      created_at: now.toISOString(),
      status: 'active',
      models: input.models ?? ['*'],
      limits: applyLimits({}, input.limits ?? {}),
      metadata: input.metadata ?? {},
      version: 1,
    }
    const { id, created_at: _, version: __, ...changes } = group
    await putGroup(kv, group)
    await writeAudit(kv, { id: toAuditId(id), at: now, actor, action: 'create', changes })
    return { group }
  })
}

/** Makes a change, or returns why not. Undefined for an unknown group. */
export async function changeGroup(
  kv: KeyValue,
  change: GroupChange,
  { now, onDecided }: ChangeOptions<GroupRecord>,
): Promise<ChangedGroup | undefined> {
  const { id, actor, type } = change
  const known = await readGroup(kv, id)
  if (known === undefined) {
    return undefined
  }
  return asFault(async () => {
    const group = await (type === 'delete'
      ? toDeleted(kv, known)
      : toUpdated(kv, known, change, now))
    onDecided?.(group)
    await putGroup(kv, group)
    const changes =
      type === 'delete' ? {} : { ...change.fields, ...defined({ status: change.status }) }
    await writeAudit(kv, { id: toAuditId(id), at: now, actor, action: type, changes })
    return { group }
  })
}

/** Throws an {@link InvalidChange} unless a key can become a member of the group. */
export async function checkGroup(kv: KeyValue, id: string): Promise<void> {
  const group = await readGroup(kv, id)
  if (group === undefined || group.status === 'deleted') {
    throw new InvalidChange(`group_id: no group has the id ${id}.`)
  }
}

async function toUpdated(
  kv: KeyValue,
  known: GroupRecord,
  { fields, status }: Extract<GroupOperation, { type: 'update' }>,
  now: Date,
): Promise<GroupRecord> {
  checkDates(fields, now)
  if (known.status === 'deleted') {
    throw new InvalidChange(`The group ${known.name} is deleted; create a new one.`)
  }
  const { name = known.name, models, limits, metadata } = fields
  if (name !== known.name) {
    await checkName(kv, name)
  }
  return {
    ...known,
    name,
    models: models ?? known.models,
    limits: limits === undefined ? known.limits : applyLimits(known.limits, limits),
    metadata: metadata ?? known.metadata,
    status: status ?? known.status,
    version: known.version + 1,
  }
}

async function toDeleted(kv: KeyValue, known: GroupRecord): Promise<GroupRecord> {
  const members = (await listKeys(kv)).filter(
    ({ group_id, status }) => group_id === known.id && status !== 'revoked',
  )
  if (members.length > 0) {
    const some = members.slice(0, 5).map(({ id }) => id)
    const more = members.length > some.length ? ', …' : ''
    throw new InvalidChange(
      `The group ${known.name} has ${members.length} keys (${some.join(', ')}${more}). Revoke them, or move them to another group or to none, then delete it.`,
    )
  }
  return { ...known, status: 'deleted', version: known.version + 1 }
}

/** Two groups with one name would be ambiguous in commands and reports. */
async function checkName(kv: KeyValue, name: string): Promise<void> {
  const taken = (await listGroups(kv)).find(
    (group) => group.status !== 'deleted' && (group.name === name || group.id === name),
  )
  if (taken !== undefined) {
    throw new InvalidChange(`name: the group ${name} already exists (its id is ${taken.id}).`)
  }
}
