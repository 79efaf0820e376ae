/** What operations over KV work with: KV itself, and as far as they can be reached, the ledgers. */
import { writeAudit } from '../../../keys/audit.ts'
import type { GroupRecord } from '../../../keys/groups/record.ts'
import { InvalidChange } from '../../../keys/limits-patch.ts'
import type { KeyLimits } from '../../../keys/limits.ts'
import type { LastUsed } from '../../../keys/view.ts'
import { toGroupLedger } from '../../../ledger/ledger-name.ts'
import type { Adjustment } from '../../../ledger/protocol.ts'
import type { TableRows } from '../../../ledger/storage/tables.ts'
import type { AdjustmentInput } from '../../../ledger/usage/adjust.ts'
import { toAdjustment } from '../../../ledger/usage/adjust.ts'
import type { AdjustmentView, BudgetView, OpenRequestView } from '../../../ledger/usage/standing.ts'
import { toAdjustmentView } from '../../../ledger/usage/standing.ts'
import type { KeyValue } from '../../../platform/key-value.ts'
import { UserError } from '../../platform/run-command.ts'

/** The standing of a key or group with its ledger; empty if that is not known here. */
export interface Standing {
  budgets?: BudgetView[] | undefined
  open_requests?: OpenRequestView[] | undefined
  adjustments?: AdjustmentView[] | undefined
}

/**
 * The ledgers as commands reach them. Without access, usage is unknown and changes take effect when caches
 * expire.
 */
export interface LedgerAccess {
  /** Whether ledgers can be read at all. */
  isReadable: boolean
  /** When the secrets of each key were last used. */
  lastUsed: () => Promise<ReadonlyMap<string, LastUsed>>
  standing: (ledger: string, limits: KeyLimits) => Promise<Standing>
  /** Ends one request in flight, or all; the ids of those that were. */
  release: (ledger: string, request: string | undefined) => Promise<string[]>
  adjust: (ledger: string, adjustment: Adjustment) => Promise<void>
  /** Returns all that a ledger has counted; nothing if it cannot be read. */
  readTables: (ledger: string) => Promise<TableRows[]>
  writeTables: (ledger: string, parts: readonly TableRows[]) => Promise<void>
}

/** KV, the ledgers, and the name that the audit log has for whoever makes a change. */
export interface KvTools {
  kv: KeyValue
  ledgers: LedgerAccess
  /** The author in the audit log. */
  actor: string
}

/** The ledger that an adjustment is booked in, with its limits. */
export interface AdjustmentTarget {
  ledger: string
  /** Finds the audit log. */
  auditId: string
  limits: KeyLimits
  /** The group of a key, in which the charge counted too. */
  group: GroupRecord | undefined
}

/** Books a correction, then writes the audit log; the entry itself has who and why. */
export async function bookAdjustment(
  { kv, ledgers, actor }: KvTools,
  { ledger, auditId, limits, group }: AdjustmentTarget,
  input: AdjustmentInput,
): Promise<AdjustmentView> {
  const now = new Date()
  try {
    const adjustment = toAdjustment(input, { limits, actor, now })
    await ledgers.adjust(ledger, adjustment)
    if (group !== undefined) {
      const ofKey = { ...adjustment, key: ledger, limits: group.limits }
      await ledgers.adjust(toGroupLedger(group.id), ofKey)
    }
    const changes = { ...input, id: adjustment.id }
    await writeAudit(kv, { id: auditId, at: now, actor, action: 'adjust', changes })
    return toAdjustmentView(adjustment)
  } catch (error) {
    throw error instanceof InvalidChange ? new UserError(error.message) : error
  }
}
