/**
 * The operations on keys, over KV or the Admin API of a gateway. The rules are those of src/keys/ in
 * both cases.
 */
import type { AuditRow } from '../../../keys/audit.ts'
import { readAudit } from '../../../keys/audit.ts'
import type { ChangedKey, KeyChange } from '../../../keys/change.ts'
import { changeKey, makeKey } from '../../../keys/change.ts'
import type { KeyInput } from '../../../keys/fields.ts'
import { readGroup } from '../../../keys/groups/store.ts'
import { InvalidChange } from '../../../keys/limits-patch.ts'
import { listKeys, showKey } from '../../../keys/store.ts'
import type { KeyView, WholeKeyView } from '../../../keys/view.ts'
import { toKeyView, toListView } from '../../../keys/view.ts'
import { withWriteRetries } from '../../../keys/write-retries.ts'
import type { ImportCounts, TransferLine } from '../../../ledger/transfer.ts'
import { exportHolder, importLines, listHolders } from '../../../ledger/transfer.ts'
import type { AdjustmentInput } from '../../../ledger/usage/adjust.ts'
import type { AdjustmentView } from '../../../ledger/usage/standing.ts'
import { UserError } from '../../platform/run-command.ts'
import type { GroupAdmin } from './group-admin.ts'
import { createKvGroups } from './group-admin.ts'
import type { KvTools, Standing } from './kv-tools.ts'
import { bookAdjustment } from './kv-tools.ts'
import { unknown } from './not-found.ts'

/** A key, with its secret if a new one was created. */
export type WithSecret = WholeKeyView & {
  key?: string
  /** Models that it may not use without a price, as the gateway of `--url` names them. */
  unpriced_models?: string[] | undefined
}

/** A key of a list, with its budgets where they are known. */
export type ListedView = KeyView & Pick<Standing, 'budgets'>

/** The operations on keys. Each throws a UserError for an unknown key and for a change that the rules reject. */
export interface KeyAdmin {
  create: (name: string, input: KeyInput) => Promise<WithSecret>
  list: () => Promise<ListedView[]>
  show: (id: string) => Promise<WholeKeyView & Standing & { audit: AuditRow[] }>
  /** Ends a request in flight, or all of them; the ids of those that were. */
  release: (id: string, request: string | undefined) => Promise<string[]>
  /** Books a correction of what was charged. */
  adjust: (id: string, input: AdjustmentInput) => Promise<AdjustmentView>
  update: (
    id: string,
    input: KeyInput,
    status: 'active' | 'disabled' | undefined,
  ) => Promise<WholeKeyView>
  rotate: (id: string, graceMs: number, force: boolean) => Promise<WithSecret>
  revoke: (id: string) => Promise<WholeKeyView>
  groups: GroupAdmin
  /** Calls `write` with each line of an export, but the first. */
  exportLines: (write: (line: TransferLine) => void) => Promise<void>
  importLines: (lines: readonly TransferLine[]) => Promise<ImportCounts>
}

/** Creates a KeyAdmin over KV. */
export function createKvAdmin(tools: KvTools): KeyAdmin {
  const { kv, ledgers, actor } = tools
  const change = async (requested: KeyChange): Promise<WithSecret> =>
    view(tools, requested.id, await changeKey(kv, requested, { now: new Date() }))
  return {
    async create(name, input) {
      const made = await makeKey(kv, { ...input, name }, { now: new Date(), actor })
      return view(tools, 'records' in made ? (made.records[0]?.id ?? '') : '', made)
    },
    list: () => list(tools),
    async show(id) {
      const records = await showKey(kv, id)
      const shown = await view(tools, id, records && { records })
      const standing = await ledgers.standing(id, shown.limits)
      return { ...shown, ...standing, audit: await readAudit(kv, id) }
    },
    release: (id, request) => ledgers.release(id, request),
    async adjust(id, input) {
      const key = (await showKey(kv, id))?.at(-1)
      if (key === undefined) {
        throw unknown(id)
      }
      const { limits, group_id: groupId } = key
      const group = groupId === undefined ? undefined : await readGroup(kv, groupId)
      return bookAdjustment(tools, { ledger: id, auditId: id, limits, group }, input)
    },
    update: (id, fields, status) =>
      change({ id, actor, type: 'update', fields, ...(status === undefined ? {} : { status }) }),
    rotate: (id, graceMs, force) => change({ id, actor, type: 'rotate', graceMs, force }),
    revoke: (id) => change({ id, actor, type: 'revoke' }),
    groups: createKvGroups(tools),
    exportLines: (write) => exportAll(tools, write),
    importLines: (lines) => importAll(tools, lines),
  }
}

async function exportAll(
  { kv, ledgers }: KvTools,
  write: (line: TransferLine) => void,
): Promise<void> {
  for (const holder of await listHolders(kv)) {
    const lines = await exportHolder({ kv, ...ledgers }, holder)
    lines.forEach(write)
  }
}

async function importAll(
  { kv, ledgers }: KvTools,
  lines: readonly TransferLine[],
): Promise<ImportCounts> {
  if (!ledgers.isReadable && lines.some(({ type }) => type === 'usage')) {
    throw new UserError(
      'The file has usage, which only the gateway itself can import: use --url with its origin, and GATEWAY_ADMIN_KEY.',
    )
  }
  try {
    return await importLines({ kv: withWriteRetries(kv), ...ledgers }, lines, new Date())
  } catch (error) {
    throw error instanceof InvalidChange ? new UserError(error.message) : error
  }
}

async function list({ kv, ledgers }: KvTools): Promise<ListedView[]> {
  const [listed, lastUsed] = await Promise.all([listKeys(kv), ledgers.lastUsed()])
  const views = listed.map((key) => toListView(key, lastUsed.get(key.id) ?? {}, Date.now()))
  if (!ledgers.isReadable) {
    return views
  }
  return Promise.all(
    views.map(async (shown) => {
      const limits = (await showKey(kv, shown.id))?.at(-1)?.limits ?? {}
      const { budgets } = await ledgers.standing(shown.id, limits)
      return { ...shown, budgets }
    }),
  )
}

async function view(
  { ledgers }: KvTools,
  id: string,
  changed: ChangedKey | undefined,
): Promise<WithSecret> {
  if (changed === undefined) {
    throw unknown(id)
  }
  if ('fault' in changed) {
    throw new UserError(changed.fault)
  }
  const lastUsed = (await ledgers.lastUsed()).get(id) ?? {}
  const found = toKeyView(changed.records, lastUsed, Date.now())
  if (found === undefined) {
    throw unknown(id)
  }
  return changed.key === undefined ? found : { ...found, key: changed.key }
}
