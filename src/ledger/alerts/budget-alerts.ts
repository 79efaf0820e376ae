/** Alerts for budgets that are nearly or fully used. Pure. */
import type { Alert } from '../../alerts/alert.ts'
import { nanoPerUsd } from '../../catalog/price.ts'
import { describeUsd } from '../money.ts'
import type { BudgetStanding, Watch } from '../protocol.ts'
import { describeBudget, describeReset } from '../refusal.ts'

/** The shares of a budget at which there is an alert, in percent. */
const thresholds = [75, 95, 100] as const

/**
 * An alert for each threshold that the settled spend of a budget has reached. Its key has the budget's period
 * and amount, so that a new period, or another amount, is a new event.
 */
export function toBudgetAlerts(
  holder: Watch['holder'],
  budgets: readonly BudgetStanding[],
): Alert[] {
  return budgets.flatMap((budget) =>
    thresholds
      .filter((percent) => budget.spent * 100 >= budget.limit * percent)
      .map((percent) => toAlert(holder, budget, percent)),
  )
}

function toAlert(
  { type, id, name }: Watch['holder'],
  budget: BudgetStanding,
  percent: number,
): Alert {
  const { period, pattern = null, limit, spent, resetsAt } = budget
  const who = `${type === 'key' ? 'Key' : 'Group'} ${name} (${id})`
  const used = percent === 100 ? 'has used up' : `has used ${percent} % of`
  const message = `${who} ${used} its budget of ${describeBudget(budget)}: ${describeUsd(spent)} is spent. ${describeReset(budget)}`
  return {
    kind: 'budget',
    key: `budget ${pattern ?? ''} ${period} ${resetsAt} ${limit} ${percent}`,
    until: resetsAt,
    message,
    data: {
      holder: type,
      id,
      name,
      percent,
      period,
      models: pattern,
      limit_usd: limit / nanoPerUsd,
      spent_usd: spent / nanoPerUsd,
      resets_at: resetsAt === null ? null : new Date(resetsAt).toISOString(),
    },
  }
}
