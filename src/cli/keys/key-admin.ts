/**
 * The operations on keys, over KV or the Admin API of a gateway. The rules are those of src/keys/ in
 * both cases.
 */
import { userInfo } from 'node:os'

import type { AuditRow } from '../../keys/audit.ts'
import { readAudit } from '../../keys/audit.ts'
import type { ChangedKey, KeyChange } from '../../keys/change.ts'
import { changeKey, makeKey } from '../../keys/change.ts'
import type { KeyInput } from '../../keys/fields.ts'
import type { KeyRecord } from '../../keys/record.ts'
import { listKeys, showKey } from '../../keys/store.ts'
import type { KeyView, LastUsed, WholeKeyView } from '../../keys/view.ts'
import { toKeyView, toListView } from '../../keys/view.ts'
import type { BudgetView, OpenRequestView } from '../../ledger/usage/standing.ts'
import type { KeyValue } from '../../platform/key-value.ts'
import { UserError } from '../platform/run-command.ts'

/** A key, with its secret if a new one was created. */
export type WithSecret = WholeKeyView & { key?: string }

/** The operations on keys. Each throws a UserError for an unknown key and for a change that the rules reject. */
export interface KeyAdmin {
  create: (name: string, input: KeyInput) => Promise<WithSecret>
  list: () => Promise<KeyView[]>
  show: (id: string) => Promise<WholeKeyView & Standing & { audit: AuditRow[] }>
  /** Ends requests in flight that a crash left open; returns their ids. */
  release: (id: string) => Promise<string[]>
  update: (
    id: string,
    input: KeyInput,
    status: 'active' | 'disabled' | undefined,
  ) => Promise<WholeKeyView>
  rotate: (id: string, graceMs: number, force: boolean) => Promise<WithSecret>
  revoke: (id: string) => Promise<WholeKeyView>
}

/** The standing of a key with its ledger; empty if that is not known here. */
export interface Standing {
  budgets?: BudgetView[] | undefined
  open_requests?: OpenRequestView[] | undefined
}

/** Reads ledgers, in addition to KV. */
export interface LedgerReader {
  /** Returns when the secrets of each key were last used. */
  lastUsed: () => Promise<ReadonlyMap<string, LastUsed>>
  standing: (record: KeyRecord) => Promise<Standing>
}

/** Creates a KeyAdmin over KV. */
export function createKvAdmin(kv: KeyValue, ledgers: LedgerReader): KeyAdmin {
  const actor = `cli:${userInfo().username}`

  async function view(id: string, changed: ChangedKey | undefined): Promise<WithSecret> {
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

  async function change(requested: KeyChange): Promise<WithSecret> {
    return view(requested.id, await changeKey(kv, requested, { now: new Date() }))
  }

  return {
    async create(name, input) {
      const made = await makeKey(kv, { ...input, name }, { now: new Date(), actor })
      return view('records' in made ? (made.records[0]?.id ?? '') : '', made)
    },
    async list() {
      const [listed, lastUsed] = await Promise.all([listKeys(kv), ledgers.lastUsed()])
      return listed.map((key) => toListView(key, lastUsed.get(key.id) ?? {}, Date.now()))
    },
    async show(id) {
      const records = await showKey(kv, id)
      const shown = await view(id, records && { records })
      const newest = records?.at(-1)
      const standing = newest === undefined ? {} : await ledgers.standing(newest)
      return { ...shown, ...standing, audit: await readAudit(kv, id) }
    },
    release: () =>
      Promise.reject(
        new UserError(
          'Only a running gateway can release requests: use --url. (Without it they end 90 seconds after its end, or when npm start is run again.)',
        ),
      ),
    update: (id, fields, status) =>
      change({ id, actor, type: 'update', fields, ...(status === undefined ? {} : { status }) }),
    rotate: (id, graceMs, force) => change({ id, actor, type: 'rotate', graceMs, force }),
    revoke: (id) => change({ id, actor, type: 'revoke' }),
  }
}

/** The error for an unknown key id. */
export function unknown(id: string): UserError {
  return new UserError(`There is no key with the id ${id}.`)
}
