/**
 * How Claude Code shows its user what is used of a budget, as its own gateway sends it
 * (https://code.claude.com/docs/en/llm-gateway-protocol): an operator's budget is "overage" there. Pure.
 */
import type { Period } from '../keys/limits.ts'
import type { HeldBudget } from './protocol.ts'

/** The utilization above which the user is warned. */
const thresholds = [0.95, 0.75]

const periodNames: Record<Period, string> = {
  day: 'daily',
  week: 'weekly',
  month: 'monthly',
  total: 'total',
}

const nanoPerCent = 10_000_000

/** What was spent in a period that no budget limits, in nano-dollars. */
export interface Unlimited {
  today: number
  thisWeek: number
  thisMonth: number
}

/** `anthropic-ratelimit-unified-*` for a request that its budgets allow; none without a budget. */
export function toAllowedNotice(budgets: readonly HeldBudget[]): Record<string, string> {
  const budget = findBinding(budgets)
  if (budget === undefined) {
    return {}
  }
  const threshold = thresholds.find((least) => toUtilization(budget) > least)
  const status = threshold === undefined ? 'allowed' : 'allowed_warning'
  return toHeaders({
    ...toCommon(budget, status),
    'representative-claim': 'overage',
    'overage-status': status,
    'overage-surpassed-threshold': threshold,
  })
}

/**
 * The headers of a request that a budget rejects, without a claim and an overage status, since with one of
 * them Claude Code replaces the error's message by its own.
 */
export function toRejectedNotice(budgets: readonly HeldBudget[]): Record<string, string> {
  const budget = findBinding(budgets)
  return budget === undefined
    ? {}
    : toHeaders({
        ...toCommon(budget, 'rejected'),
        'overage-surpassed-threshold': 1,
        'overage-period': budget.period === 'total' ? undefined : periodNames[budget.period],
        'overage-scope': budget.holder === 'group' ? 'group_pool' : undefined,
        'overage-disabled-reason': 'org_spend_cap_reached',
      })
}

/** The answer of `/api/oauth/usage`. Amounts are cents, shares are percents. */
export function toUsageView(budgets: readonly HeldBudget[], spent: Unlimited): object {
  const binding = findBinding(budgets)
  if (binding === undefined) {
    const inPeriod = (cost: number) => ({
      limit: null,
      used_credits: toCents(cost),
      utilization: null,
    })
    return {
      extra_usage: {
        is_enabled: true,
        monthly_limit: null,
        used_credits: toCents(spent.thisMonth),
        utilization: null,
        currency: 'USD',
        daily: inPeriod(spent.today),
        weekly: inPeriod(spent.thisWeek),
      },
      limits: [],
    }
  }
  return {
    extra_usage: {
      is_enabled: true,
      monthly_limit: binding.limit / nanoPerCent,
      used_credits: toCents(binding.spent),
      utilization: Math.round(toShown(binding) * 100),
      currency: 'USD',
    },
    limits: budgets.map((budget) => ({
      kind: 'spend',
      group: periodNames[budget.period],
      percent: Math.round(toShown(budget) * 100),
      resets_at: budget.resetsAt === null ? null : new Date(budget.resetsAt).toISOString(),
      severity: toSeverity(budget),
      is_active: budget === binding,
      ...(budget.pattern === undefined
        ? {}
        : { scope: { model: { display_name: budget.pattern } } }),
    })),
  }
}

/** The budget that ends first: a reached one that resets last, or the one with the highest utilization. */
function findBinding(budgets: readonly HeldBudget[]): HeldBudget | undefined {
  const end = ({ resetsAt }: HeldBudget): number => resetsAt ?? Number.MAX_SAFE_INTEGER
  const reached = budgets.filter(isReached).toSorted((a, b) => end(b) - end(a))
  return reached[0] ?? budgets.toSorted((a, b) => toUtilization(b) - toUtilization(a))[0]
}

function toCommon(budget: HeldBudget, status: string): Record<string, string | undefined> {
  const { resetsAt } = budget
  const reset = resetsAt === null ? undefined : String(Math.floor(resetsAt / 1000))
  return {
    status,
    reset,
    'overage-reset': reset,
    'overage-utilization': String(toShown(budget)),
  }
}

function toHeaders(fields: Record<string, string | number | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [[`anthropic-ratelimit-unified-${name}`, String(value)]],
    ),
  )
}

function isReached({ limit, spent }: HeldBudget): boolean {
  return spent >= limit
}

/** The share of a budget that is spent: settled spend alone, since reserved amounts may be released. */
function toUtilization({ limit, spent }: HeldBudget): number {
  return limit === 0 ? 1 : spent / limit
}

/** The share to show: rounded to hundredths, and below 1 until the budget is reached. */
function toShown(budget: HeldBudget): number {
  const hundredths = Math.round(toUtilization(budget) * 100) / 100
  return isReached(budget) ? 1 : Math.min(hundredths, 0.99)
}

function toSeverity(budget: HeldBudget): string {
  const utilization = toUtilization(budget)
  return utilization > 0.95 ? 'critical' : utilization > 0.75 ? 'warning' : 'normal'
}

function toCents(nano: number): number {
  return Math.floor(nano / nanoPerCent)
}
