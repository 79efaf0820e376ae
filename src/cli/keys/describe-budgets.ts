/** Budgets in one cell of a table. */
import type { BudgetView } from '../../ledger/usage/standing.ts'

/**
 * Describes the spend of each budget: `day 3.25/5, month 12.00/100 (claude-opus-*)`; `-` if there
 * is none, or none is known.
 */
export function describeBudgets(budgets: readonly BudgetView[] | undefined): string {
  const items = (budgets ?? []).map(({ period, model, spent_usd: spent, limit_usd: limit }) => {
    const scope = model === null ? '' : ` (${model})`
    return `${period} ${spent.toFixed(2)}/${limit}${scope}`
  })
  return items.length === 0 ? '-' : items.join(', ')
}
