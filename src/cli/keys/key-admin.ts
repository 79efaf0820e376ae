/**
 * The operations on keys, over KV or the Admin API of a gateway. The rules are those of src/keys/ in
 * both cases.
 */
import { userInfo } from 'node:os'

import type { AuditRow } from '../../keys/audit.ts'
import { readAudit } from '../../keys/audit.ts'
import type { ChangedKey, KeyChange } from '../../keys/change.ts'
import { changeKey } from '../../keys/change.ts'
import type { KeyInput } from '../../keys/fields.ts'
import { toNewFields } from '../../keys/fields.ts'
import { createKey, listKeys, showKey } from '../../keys/store.ts'
import type { KeyView, LastUsed, WholeKeyView } from '../../keys/view.ts'
import { toKeyView, toListView } from '../../keys/view.ts'
import type { KeyValue } from '../../platform/key-value.ts'
import { UserError } from '../platform/run-command.ts'

/** A key, with its secret if a new one was created. */
export type WithSecret = WholeKeyView & { key?: string }

/** The operations on keys. Each throws a UserError for an unknown key and for a change that the rules reject. */
export interface KeyAdmin {
  create: (name: string, input: KeyInput) => Promise<WithSecret>
  list: () => Promise<KeyView[]>
  show: (id: string) => Promise<WholeKeyView & { audit: AuditRow[] }>
  update: (
    id: string,
    input: KeyInput,
    status: 'active' | 'disabled' | undefined,
  ) => Promise<WholeKeyView>
  rotate: (id: string, graceMs: number) => Promise<WithSecret>
  revoke: (id: string) => Promise<WholeKeyView>
}

/** Creates a KeyAdmin over KV. `readLastUsed` returns when the secrets of each key were last used, if that is known. */
export function createKvAdmin(
  kv: KeyValue,
  readLastUsed: () => Promise<ReadonlyMap<string, LastUsed>>,
): KeyAdmin {
  const actor = `cli:${userInfo().username}`

  async function view(id: string, changed: ChangedKey | undefined): Promise<WithSecret> {
    if (changed === undefined) {
      throw unknown(id)
    }
    if ('fault' in changed) {
      throw new UserError(changed.fault)
    }
    const lastUsed = (await readLastUsed()).get(id) ?? {}
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
      const options = { now: new Date(), actor }
      const { key, record } = await createKey(kv, toNewFields(name, input), options)
      return view(record.id, { records: [record], key })
    },
    async list() {
      const [listed, lastUsed] = await Promise.all([listKeys(kv), readLastUsed()])
      return listed.map((key) => toListView(key, lastUsed.get(key.id) ?? {}, Date.now()))
    },
    async show(id) {
      const records = await showKey(kv, id)
      const shown = await view(id, records && { records })
      return { ...shown, audit: await readAudit(kv, id) }
    },
    update: (id, fields, status) =>
      change({ id, actor, type: 'update', fields, ...(status === undefined ? {} : { status }) }),
    rotate: (id, graceMs) => change({ id, actor, type: 'rotate', graceMs }),
    revoke: (id) => change({ id, actor, type: 'revoke' }),
  }
}

/** The error for an unknown key id. */
export function unknown(id: string): UserError {
  return new UserError(`There is no key with the id ${id}.`)
}
