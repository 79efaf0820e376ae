/** The standings of keys and groups with their ledgers, for the Admin API. */
import type { Context } from 'hono'

import { listUnpriced } from '../../../../catalog/price.ts'
import { readGroup } from '../../../../keys/groups/store.ts'
import type { KeyLimits } from '../../../../keys/limits.ts'
import { hasBudget } from '../../../../keys/limits.ts'
import { allowsModel } from '../../../../keys/record.ts'
import { toGroupLedger } from '../../../../ledger/ledger-name.ts'
import type { BudgetView, OpenRequestView } from '../../../../ledger/usage/standing.ts'
import { toBudgetView, toOpenRequestView } from '../../../../ledger/usage/standing.ts'
import type { AppEnv } from '../../../env.ts'

/**
 * The standing of a key or group: budgets, open requests, and when each secret was last used, in epoch
 * milliseconds.
 */
export interface StandingView {
  budgets: BudgetView[]
  open_requests: OpenRequestView[]
  /** Last four characters of a secret → when it was last used, in epoch milliseconds. */
  lastUsed: Record<string, number>
}

/** Reads a ledger's standing; empty if the ledger is unavailable, since it is optional. */
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

/** Names the models that a key or group with a budget may not use, because the catalog has no price for them. */
export async function warnUnpriced(
  c: Context<AppEnv>,
  holder: { models: readonly string[]; limits: KeyLimits } | undefined,
): Promise<{ unpriced_models?: string[] }> {
  if (holder === undefined || !hasBudget(holder.limits)) {
    return {}
  }
  // A catalog that is invalid must not hide what has been done: a new key is shown only once.
  const loaded = await c
    .get('readCatalog')()
    .catch(() => undefined)
  const unpriced = loaded && listUnpriced(loaded.catalog, (id) => allowsModel([holder], id))
  return unpriced === undefined || unpriced.length === 0 ? {} : { unpriced_models: unpriced }
}

/** The group of a key, with its limits and their standing; null for a key without one. */
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
