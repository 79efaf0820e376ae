/** The ledgers of a local gateway, and those of a deployed one, as commands that work on KV reach them. */
import { createKey } from '../../../keys/store.ts'
import { parseGroupLedger } from '../../../ledger/ledger-name.ts'
import { Reservations } from '../../../ledger/reservations.ts'
import { exportTables, importTables } from '../../../ledger/storage/tables.ts'
import { listAdjustments, recordAdjustment } from '../../../ledger/usage/adjust.ts'
import { readLastUsed } from '../../../ledger/usage/read-usage.ts'
import {
  readBudgets,
  readOpenRequests,
  toAdjustmentView,
  toBudgetView,
  toOpenRequestView,
} from '../../../ledger/usage/standing.ts'
import type { KeyValue } from '../../../platform/key-value.ts'
import { UserError } from '../../platform/run-command.ts'
import { findRunning } from '../../platform/running-gateway.ts'
import type { Gateway } from './call-admin-api.ts'
import type { LedgerAccess } from './kv-tools.ts'
import { readLocalLedger, readLocalLedgers, writeLocalLedger } from './local-ledgers.ts'

/** The ledgers of a deployed gateway, which only that gateway reaches. */
export function createNoLedgers(): LedgerAccess {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new UserError(
        'Only the gateway itself reaches its ledgers: use --url with its origin, and GATEWAY_ADMIN_KEY.',
      ),
    )
  return {
    isReadable: false,
    lastUsed: async () => new Map(),
    standing: async () => ({}),
    release: refuse,
    adjust: refuse,
    readTables: async () => [],
    writeTables: refuse,
  }
}

/** The ledgers of a local gateway, whether it runs or not. `actor` is for the audit log. */
export function createLocalLedgers(state: string, kv: KeyValue, actor: string): LedgerAccess {
  return {
    isReadable: true,
    lastUsed: () => readLocalLedgers(state, readLastUsed),
    async standing(ledger, limits) {
      const now = Date.now()
      return readLocalLedger(state, ledger, (sql) => ({
        budgets: readBudgets(sql, limits, now).map(toBudgetView),
        open_requests: readOpenRequests(sql, now).map(toOpenRequestView),
        adjustments: listAdjustments(sql).map(toAdjustmentView),
      }))
    },
    async release(ledger, request) {
      const url = await findRunning(state)
      if (url === undefined) {
        const release = (sql: ConstructorParameters<typeof Reservations>[0]): string[] =>
          new Reservations(sql).release(request, Date.now())
        return readLocalLedger(state, ledger, release)
      }
      // The object of a running gateway has its open requests in memory too.
      const { sendRelease } = await import('./admin-api.ts')
      const group = parseGroupLedger(ledger)
      const path = group === undefined ? `/api_keys/${ledger}` : `/groups/${group}`
      return withAdminKey(kv, { url, actor }, (gateway) => sendRelease(gateway, path, request))
    },
    adjust: (ledger, adjustment) =>
      writeLocalLedger(state, ledger, (sql) => recordAdjustment(sql, adjustment)),
    readTables: (ledger) => readLocalLedger(state, ledger, exportTables),
    writeTables: (ledger, parts) =>
      writeLocalLedger(state, ledger, (sql) => importTables(sql, parts)),
  }
}

/** Seconds for which the key of a command is valid. */
const keySeconds = 60

/** Calls `use` with an admin key for the gateway that runs on the same state: one that only this process knows, and that expires soon. `actor` names it. */
async function withAdminKey<Value>(
  kv: KeyValue,
  { url, actor }: { url: string; actor: string },
  use: (gateway: Gateway) => Promise<Value>,
): Promise<Value> {
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
  return use({ url, key })
}
