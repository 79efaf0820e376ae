/** The ledgers of a local gateway, whether it runs or not, as the Admin API calls ledgers. */
import { changeKey } from '../../../keys/change.ts'
import { changeGroup } from '../../../keys/groups/change.ts'
import { createKey } from '../../../keys/store.ts'
import type { LedgerNamespace, LedgerStub } from '../../../ledger/client.ts'
import { parseGroupLedger } from '../../../ledger/ledger-name.ts'
import { Reservations } from '../../../ledger/reservations.ts'
import { exportTables, importTables } from '../../../ledger/storage/tables.ts'
import { listAdjustments, recordAdjustment } from '../../../ledger/usage/adjust.ts'
import { readLastUsed } from '../../../ledger/usage/read-usage.ts'
import { readBudgets, readOpenRequests } from '../../../ledger/usage/standing.ts'
import type { KeyValue } from '../../../platform/key-value.ts'
import { findRunning } from '../../platform/running-gateway.ts'
import { createGatewayApi } from './admin-api.ts'
import { KeyAdmin } from './key-admin.ts'
import { readLocalLedger, writeLocalLedger } from './ledger-files.ts'

interface LocalState {
  /** The state directory. */
  state: string
  kv: KeyValue
  /** The author in the audit log. */
  actor: string
}

/** Opens the ledgers in a state directory. */
export function createLocalLedgers(local: LocalState): LedgerNamespace {
  return { getByName: (name) => ({ ...unused, ...openLedger(local, name) }) }
}

const refuse = (): Promise<never> => Promise.reject(new Error('only a gateway does this'))

/** What operations on keys and groups do not call. */
const unused = {
  adjustedUsage: refuse,
  cancel: refuse,
  policy: refuse,
  raise: refuse,
  renew: refuse,
  reserve: refuse,
  sessions: refuse,
  settle: refuse,
  usage: refuse,
  watch: refuse,
}

function openLedger(local: LocalState, name: string): Omit<LedgerStub, keyof typeof unused> {
  const { state, kv } = local
  return {
    change: (change) => changeKey(kv, change, { now: new Date() }),
    changeGroup: (change) => changeGroup(kv, change, { now: new Date() }),
    standing: (limits) =>
      readLocalLedger(state, name, (sql) => ({
        open: readOpenRequests(sql, Date.now()),
        budgets: readBudgets(sql, limits, Date.now()),
        lastUsed: readLastUsed(sql),
      })),
    release: (request) => releaseLocally(local, name, request),
    adjust: (adjustment) =>
      writeLocalLedger(state, name, (sql) => recordAdjustment(sql, adjustment)),
    adjustments: () => readLocalLedger(state, name, listAdjustments),
    exportTables: () => readLocalLedger(state, name, exportTables),
    importTables: (parts) => writeLocalLedger(state, name, (sql) => importTables(sql, parts)),
  }
}

/** Ends requests in flight. The object of a running gateway has them in memory too, so that it does it itself. */
async function releaseLocally(
  { state, kv, actor }: LocalState,
  name: string,
  request: string | undefined,
): Promise<string[]> {
  const url = await findRunning(state)
  if (url === undefined) {
    return readLocalLedger(state, name, (sql) => new Reservations(sql).release(request, Date.now()))
  }
  const group = parseGroupLedger(name)
  const admin = new KeyAdmin(createGatewayApi({ url, key: await createAdminKey(kv, actor) }))
  return group === undefined ? admin.release(name, request) : admin.groups.release(group, request)
}

/** Seconds for which the key of a command is valid. */
const keySeconds = 60

/** Creates an admin key for the gateway that runs on the same state: one that only this process knows, and that expires soon. `actor` names it. */
async function createAdminKey(kv: KeyValue, actor: string): Promise<string> {
  const now = new Date()
  const { key } = await createKey(
    kv,
    {
      name: `command of ${actor}`,
      expires_at: new Date(now.getTime() + keySeconds * 1000).toISOString(),
      models: ['*'],
      scopes: ['admin'],
      limits: {},
      metadata: {},
    },
    { now, forget: true },
  )
  return key
}
