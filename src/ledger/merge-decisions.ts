/** The decisions of a key's ledger and of its group's as one standing: the tighter limit counts. Pure. */
import type {
  BudgetStanding,
  HeldBudget,
  LedgerDecision,
  LimitHolder,
  LimitStanding,
  Metric,
  Standing,
} from './protocol.ts'

/** What a ledger decided, and whose limits it holds. */
export interface HolderDecision {
  decision: LedgerDecision
  holder: LimitHolder
}

/** Merges the decisions; undefined if there are none. */
export function mergeDecisions(decisions: readonly HolderDecision[]): LimitStanding | undefined {
  const [first] = decisions
  if (first === undefined) {
    return undefined
  }
  const rates = new Map<Metric, Standing>()
  const budgets = new Map<string, HeldBudget>()
  for (const { decision, holder } of decisions) {
    for (const standing of decision.rates) {
      const known = rates.get(standing.metric)
      if (known === undefined || standing.remaining < known.remaining) {
        rates.set(standing.metric, standing)
      }
    }
    for (const budget of decision.budgets) {
      const name = `${budget.period} ${budget.pattern ?? ''}`
      const known = budgets.get(name)
      if (known === undefined || leftOf(budget) < leftOf(known)) {
        budgets.set(name, { ...budget, holder })
      }
    }
  }
  const { expectedOutput } = first.decision
  const searches = decisions.flatMap(({ decision }) => decision.searchesLeft ?? [])
  return {
    rates: [...rates.values()],
    budgets: [...budgets.values()],
    expectedOutput,
    ...(searches.length === 0
      ? {}
      : { searchesLeft: searches.reduce((one, other) => Math.min(one, other)) }),
  }
}

function leftOf({ limit, spent, held }: BudgetStanding): number {
  return limit - spent - held
}
