/** The operations on groups of keys, over KV or the Admin API of a gateway. */
import type { AuditRow } from '../../../keys/audit.ts'
import { readAudit } from '../../../keys/audit.ts'
import type { ChangedGroup, GroupChanging, GroupInput } from '../../../keys/groups/change.ts'
import { changeGroup, makeGroup, toAuditId } from '../../../keys/groups/change.ts'
import type { GroupRecord } from '../../../keys/groups/record.ts'
import { listGroups, readGroup } from '../../../keys/groups/store.ts'
import { listKeys } from '../../../keys/store.ts'
import { toGroupLedger } from '../../../ledger/ledger-name.ts'
import type { AdjustmentInput } from '../../../ledger/usage/adjust.ts'
import type { AdjustmentView } from '../../../ledger/usage/standing.ts'
import { UserError } from '../../platform/run-command.ts'
import type { KvTools, Standing } from './kv-tools.ts'
import { bookAdjustment } from './kv-tools.ts'
import { unknownGroup } from './not-found.ts'

/** A group as commands show it in a list. */
export type GroupView = Omit<GroupRecord, 'version'> &
  Pick<Standing, 'budgets'> & { unpriced_models?: string[] | undefined }

/** A group as commands show it alone: with limits, keys and audit log. */
export type WholeGroupView = GroupView &
  Standing & { keys: { id: string; name: string; status: string }[]; audit: AuditRow[] }

/** Each operation throws a UserError for an unknown group and for a change that the rules reject. */
export interface GroupAdmin {
  create: (name: string, input: GroupInput) => Promise<GroupView>
  /** Lists the groups that are not deleted, or all. */
  list: (all?: boolean) => Promise<GroupView[]>
  show: (id: string) => Promise<WholeGroupView>
  update: (
    id: string,
    fields: GroupInput,
    status: 'active' | 'disabled' | undefined,
  ) => Promise<GroupView>
  delete: (id: string) => Promise<GroupView>
  release: (id: string, request: string | undefined) => Promise<string[]>
  adjust: (id: string, input: AdjustmentInput) => Promise<AdjustmentView>
}

/** Creates a GroupAdmin over KV. */
export function createKvGroups(tools: KvTools): GroupAdmin {
  const { kv, ledgers, actor } = tools
  const change = async (id: string, changing: GroupChanging): Promise<GroupView> =>
    toView(id, await changeGroup(kv, { ...changing, id, actor }, { now: new Date() }))
  return {
    create: async (name, input) =>
      toView('', await makeGroup(kv, { ...input, name }, { now: new Date(), actor })),
    async list(all = false) {
      const listed = (await listGroups(kv)).filter(({ status }) => all || status !== 'deleted')
      const records = await Promise.all(listed.map(({ id }) => readGroup(kv, id)))
      const groups = records.flatMap((group) =>
        group === undefined ? [] : [withoutVersion(group)],
      )
      return Promise.all(
        groups.map(async (group) => {
          const { budgets } = await ledgers.standing(toGroupLedger(group.id), group.limits)
          return { ...group, budgets }
        }),
      )
    },
    async show(id) {
      const group = toView(id, await findGroup(tools, id))
      const members = (await listKeys(kv)).filter(({ group_id }) => group_id === id)
      return {
        ...group,
        ...(await ledgers.standing(toGroupLedger(id), group.limits)),
        keys: members.map(({ id: key, name, status }) => ({ id: key, name, status })),
        audit: await readAudit(kv, toAuditId(id)),
      }
    },
    update: (id, fields, status) => change(id, { type: 'update', fields, status }),
    delete: (id) => change(id, { type: 'delete' }),
    release: (id, request) => ledgers.release(toGroupLedger(id), request),
    async adjust(id, input) {
      const { limits } = toView(id, await findGroup(tools, id))
      return bookAdjustment(
        tools,
        { ledger: toGroupLedger(id), auditId: toAuditId(id), limits, group: undefined },
        input,
      )
    },
  }
}

async function findGroup({ kv }: KvTools, id: string): Promise<ChangedGroup | undefined> {
  const group = await readGroup(kv, id)
  return group && { group }
}

function toView(id: string, changed: ChangedGroup | undefined): GroupView {
  if (changed === undefined) {
    throw unknownGroup(id)
  }
  if ('fault' in changed) {
    throw new UserError(changed.fault)
  }
  return withoutVersion(changed.group)
}

function withoutVersion(group: GroupRecord): GroupView {
  const { version: _, ...view } = group
  return view
}

/** The id of a group that is named by its id or name. Throws a UserError. */
export async function toGroupId(groups: GroupAdmin, nameOrId: string): Promise<string> {
  const found = (await groups.list()).find(({ id, name }) => id === nameOrId || name === nameOrId)
  if (found === undefined) {
    throw unknownGroup(nameOrId)
  }
  return found.id
}
