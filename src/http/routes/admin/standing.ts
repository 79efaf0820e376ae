/** How keys and groups stand with their ledgers, for the answers of the Admin API. */
import type { Context } from 'hono'

import { readGroup } from '../../../keys/groups/store.ts'
import type { KeyLimits } from '../../../keys/limits.ts'
import { toGroupLedger } from '../../../ledger/ledger-name.ts'
import type { BudgetView, OpenRequestView } from '../../../ledger/usage/standing.ts'
import { toBudgetView, toOpenRequestView } from '../../../ledger/usage/standing.ts'
import type { AppEnv } from '../../env.ts'

export interface StandingView {
  budgets: BudgetView[]
  open_requests: OpenRequestView[]
  /** Last four characters of a secret → when it was last used, in epoch milliseconds. */
  lastUsed: Record<string, number>
}

/** Reads a ledger. It is empty where the ledger cannot be asked, since it is sent beside the rest. */
export async function readStanding(
  c: Context<AppEnv>,
  ledger: string,
  limits: KeyLimits,
): Promise<StandingView> {
  const { ledgers } = c.get('config')
  try {
    const standing = await ledgers?.getByName(ledger).standing(limits)
    return {
      budgets: (standing?.budgets ?? []).map(toBudgetView),
      open_requests: (standing?.open ?? []).map(toOpenRequestView),
      lastUsed: standing?.lastUsed ?? {},
    }
  } catch {
    return { budgets: [], open_requests: [], lastUsed: {} }
  }
}

/** The group of a key, with its limits and how they stand; null for a key without one. */
export async function describeGroupOf(
  c: Context<AppEnv>,
  groupId: string | undefined,
): Promise<object | null> {
  if (groupId === undefined) {
    return null
  }
  const group = await readGroup(c.get('config').keys, groupId)
  if (group === undefined) {
    return { id: groupId, name: null, status: 'missing' }
  }
  const { id, name, status, models, limits } = group
  const { budgets } = await readStanding(c, toGroupLedger(id), limits)
  return { id, name, status, models, limits, budgets }
}
