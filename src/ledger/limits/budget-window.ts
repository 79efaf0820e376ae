/** The calendar windows of budgets, in UTC. Pure. */
import type { Period } from '../../keys/limits.ts'

const dayMs = 86_400_000

/**
 * The window of a budget: its first day, in days since the epoch, and its end in epoch milliseconds; null for
 * a budget in total.
 */
export interface BudgetWindow {
  /** The first day in days since 1970-01-01; null for all time. */
  firstDay: number | null
  /** When the next window begins, in epoch milliseconds; null if there is none. */
  resetsAt: number | null
}

/** Returns the window of a period at an instant. Weeks begin on Monday, as in ISO 8601. */
export function toBudgetWindow(period: Period, now: number): BudgetWindow {
  const today = toDay(now)
  switch (period) {
    case 'day':
      return toWindow(today, today + 1)
    case 'week': {
      // 1970-01-01 was a Thursday.
      const monday = today - ((today + 3) % 7)
      return toWindow(monday, monday + 7)
    }
    case 'month': {
      const date = new Date(now)
      const month = (ahead: number): number =>
        toDay(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead, 1))
      return toWindow(month(0), month(1))
    }
    case 'total':
      return { firstDay: null, resetsAt: null }
  }
}

/** Converts epoch milliseconds to days since 1970-01-01. */
export function toDay(at: number): number {
  return Math.floor(at / dayMs)
}

function toWindow(firstDay: number, nextDay: number): BudgetWindow {
  return { firstDay, resetsAt: nextDay * dayMs }
}
