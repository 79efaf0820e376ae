/** `GET /api/oauth/usage`: what Claude Code shows as usage where it has signed in at a gateway. */
import type { Context } from 'hono'

import type { KeyLimits } from '../../keys/limits.ts'
import type { LedgerStub } from '../../ledger/client.ts'
import { toGroupLedger } from '../../ledger/ledger-name.ts'
import { toBudgetWindow, toDay } from '../../ledger/limits/budget-window.ts'
import type { HeldBudget, LimitHolder } from '../../ledger/protocol.ts'
import type { Unlimited } from '../../ledger/usage-notices.ts'
import { toUsageView } from '../../ledger/usage-notices.ts'
import type { AppEnv } from '../env.ts'

/** Answers with the budgets of the key and its group, or with what the key has spent where there is none. */
export async function describeUsage(c: Context<AppEnv>, now: number): Promise<Response> {
  const { key, group, config } = c.var
  const { ledgers } = config
  const budgets =
    ledgers === undefined
      ? []
      : [
          ...(await readBudgets(ledgers.getByName(key.id), key.limits, 'API key')),
          ...(group === undefined
            ? []
            : await readBudgets(ledgers.getByName(toGroupLedger(group.id)), group.limits, 'group')),
        ]
  const spent =
    ledgers === undefined || budgets.length > 0
      ? { today: 0, thisWeek: 0, thisMonth: 0 }
      : await readSpent(ledgers.getByName(key.id), now)
  return c.json(toUsageView(budgets, spent), { headers: { 'cache-control': 'no-store' } })
}

async function readBudgets(
  ledger: LedgerStub,
  limits: KeyLimits,
  holder: LimitHolder,
): Promise<HeldBudget[]> {
  const { budgets } = await ledger.standing(limits)
  return budgets.map((budget) => ({ ...budget, holder }))
}

const hoursPerDay = 24

async function readSpent(ledger: LedgerStub, now: number): Promise<Unlimited> {
  const firstHour = (period: 'day' | 'week' | 'month'): number =>
    (toBudgetWindow(period, now).firstDay ?? 0) * hoursPerDay
  const [day, week, month] = [firstHour('day'), firstHour('week'), firstHour('month')]
  const to = (toDay(now) + 1) * hoursPerDay
  const rows = await ledger.usage({ from: Math.min(week, month), to, hoursPerRow: hoursPerDay })
  const since = (from: number): number =>
    rows.reduce((sum, { hour, cost }) => sum + (hour >= from ? cost : 0), 0)
  return { today: since(day), thisWeek: since(week), thisMonth: since(month) }
}
