/** The standing of a key for operators and its holder, in dollars and ISO 8601. */
import { nanoPerUsd } from '../../catalog/price.ts'
import type { KeyLimits } from '../../keys/limits.ts'
import { toStanding } from '../limits/decide.ts'
import { measureBudgets, toBudgetScopes } from '../limits/usage-against-limits.ts'
import type { Adjustment, BudgetStanding, OpenRequest } from '../protocol.ts'
import { RequestLog } from '../storage/request-log.ts'
import type { Sql } from '../storage/sql.ts'

/** A budget as operators see it, in US dollars. */
export interface BudgetView {
  period: string
  /** The budget's model pattern; null for all models. */
  model: string | null
  limit_usd: number
  spent_usd: number
  /** The amount that requests in flight reserve. */
  held_usd: number
  left_usd: number
  /** When the budget resets; null if it never does. */
  resets_at: string | null
}

/** An open request as operators see it. */
export interface OpenRequestView {
  id: string
  kind: string
  model: string
  since: string
  /** When its lease expires unless its Worker renews it. */
  expires_at: string
  held_usd: number
}

/** Formats the standing of a budget. */
export function toBudgetView({
  period,
  pattern,
  limit,
  spent,
  held,
  resetsAt,
}: BudgetStanding): BudgetView {
  return {
    period,
    model: pattern ?? null,
    limit_usd: limit / nanoPerUsd,
    spent_usd: spent / nanoPerUsd,
    held_usd: held / nanoPerUsd,
    left_usd: Math.max(0, limit - spent - held) / nanoPerUsd,
    resets_at: resetsAt === null ? null : new Date(resetsAt).toISOString(),
  }
}

/** Formats an open request. */
export function toOpenRequestView(request: OpenRequest): OpenRequestView {
  const { id, kind, model, since, expires, held } = request
  return {
    id,
    kind,
    model,
    since: new Date(since).toISOString(),
    expires_at: new Date(expires).toISOString(),
    held_usd: held / nanoPerUsd,
  }
}

/** An adjustment as operators see it. */
export interface AdjustmentView {
  id: string
  /** When it counts. */
  at: string
  usd: number
  why: string
  actor: string
  /** The model; null if the correction names none. */
  model: string | null
  /** The key that was corrected, for a group's correction, or null. */
  key: string | null
}

/** Formats an adjustment. */
export function toAdjustmentView(adjustment: Omit<Adjustment, 'limits'>): AdjustmentView {
  const { id, at, cost, why, actor, model, key } = adjustment
  return {
    id,
    at: new Date(at).toISOString(),
    usd: cost / nanoPerUsd,
    why,
    actor,
    model: model === '' ? null : model,
    key: key === '' ? null : key,
  }
}

/** Reads the standings of the budgets. */
export function readBudgets(sql: Sql, limits: KeyLimits, now: number): BudgetStanding[] {
  const log = new RequestLog(sql)
  return measureBudgets({ sql, log, now }, limits, toBudgetScopes(limits)).map(toStanding)
}

/** Reads the requests whose leases have not expired, the oldest first. */
export function readOpenRequests(sql: Sql, now: number): OpenRequest[] {
  return toOpenRequests(new RequestLog(sql), now)
}

/** The open requests of a log whose leases have not expired, in the order of their start. */
export function toOpenRequests(log: RequestLog, now: number): OpenRequest[] {
  return log
    .open()
    .filter(({ expires }) => expires > now)
    .map(({ id, kind, model, at, expires, held }) => ({
      id,
      kind,
      model,
      since: at,
      expires,
      held,
    }))
    .toSorted((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1))
}
