/** Measures a key's limits: how much of each a request finds used. */
import type { KeyLimits, Rates } from '../../keys/limits.ts'
import { matchesAny } from '../../platform/model-pattern.ts'
import { toNano } from '../money.ts'
import type { Reservation } from '../protocol.ts'
import type { Sql } from '../storage/sql.ts'
import { toNumber } from '../storage/sql.ts'
import { toBudgetWindow } from './budget-window.ts'
import type { BudgetMeasure, Measure } from './decide.ts'
import { readSlots } from './sliding-window.ts'

/** Joins the scopes of a reservation; no model's name holds it. */
const separator = '\n'

/** The scopes that a request counts in: the key as a whole, and each pattern that matches. */
export function toScopes({ kind, names, limits }: Reservation): string[] {
  const patterns = kind === 'messages' ? Object.keys(limits.models ?? {}) : []
  return ['', ...patterns.filter((pattern) => names.some((name) => matchesAny([pattern], name)))]
}

/** As a reservation stores them. */
export function joinScopes(scopes: readonly string[]): string {
  return separator + scopes.map((scope) => scope + separator).join('')
}

export function splitScopes(joined: string): string[] {
  return joined.slice(1, -1).split(separator)
}

/** Every rate that is limited. */
export function measureRates(sql: Sql, reservation: Reservation): Measure[] {
  const { kind, limits } = reservation
  if (kind === 'count_tokens') {
    const limit = limits.count_tokens_rpm ?? limits.rpm
    const slots = readSlots(sql, { scope: '', metric: 'counts' })
    return limit === undefined ? [] : [{ metric: 'requests', limit, wanted: 1, slots, held: 0 }]
  }
  return toScopes(reservation).flatMap((scope) => {
    const rates = scope === '' ? limits : limits.models?.[scope]
    return rates === undefined ? [] : measureScope(sql, { scope, rates, reservation })
  })
}

function measureScope(
  sql: Sql,
  { scope, rates, reservation }: { scope: string; rates: Rates; reservation: Reservation },
): Measure[] {
  const { rpm, itpm, otpm, concurrency } = rates
  const { input, output } = reservation.estimate
  const pattern = scope === '' ? {} : { pattern: scope }
  const measures: Measure[] = []
  if (rpm !== undefined) {
    const slots = readSlots(sql, { scope, metric: 'requests' })
    measures.push({ metric: 'requests', ...pattern, limit: rpm, wanted: 1, slots, held: 0 })
  }
  if (itpm !== undefined) {
    const slots = readSlots(sql, { scope, metric: 'input' })
    measures.push({ metric: 'input', ...pattern, limit: itpm, wanted: input, slots, held: 0 })
  }
  if (otpm !== undefined || concurrency !== undefined) {
    const open = readOpen(sql, scope)
    if (otpm !== undefined) {
      const slots = readSlots(sql, { scope, metric: 'output' })
      const held = open.output
      measures.push({ metric: 'output', ...pattern, limit: otpm, wanted: output, slots, held })
    }
    if (concurrency !== undefined) {
      const [limit, held] = [concurrency, open.count]
      measures.push({ metric: 'concurrency', ...pattern, limit, wanted: 1, slots: [], held })
    }
  }
  return measures
}

/** What the requests under way hold. */
function readOpen({ all }: Sql, scope: string): { count: number; output: number } {
  const [row] = all(
    `SELECT count(*) AS count, sum(output) AS output FROM reservations
      WHERE state = 'open' AND kind = 'messages' AND instr(scopes, ?) > 0`,
    separator + scope + separator,
  )
  return { count: toNumber(row?.['count']), output: toNumber(row?.['output']) }
}

/** Every budget, with what is spent in its window and what requests under way may add. */
export function measureBudgets(
  { all }: Sql,
  { budgets = [] }: KeyLimits,
  now: number,
): BudgetMeasure[] {
  if (budgets.length === 0) {
    return []
  }
  const [open] = all(`SELECT sum(cost) AS cost FROM reservations WHERE state = 'open'`)
  return budgets.map(({ usd, period }) => {
    const { firstDay, resetsAt } = toBudgetWindow(period, now)
    const [spent] =
      firstDay === null
        ? all('SELECT cost FROM spend WHERE day = -1')
        : all('SELECT sum(cost) AS cost FROM spend WHERE day >= ?', firstDay)
    const used = toNumber(spent?.['cost']) + toNumber(open?.['cost'])
    return { period, limit: toNano(usd), used, resetsAt }
  })
}
