/** Reads the usage that a key's ledger has recorded. */
import type { Sql } from '../storage/sql.ts'
import { readRows, toNumber, toText } from '../storage/sql.ts'

const hourMs = 3_600_000

/**
 * What was used of one model at one provider in one span of time, while the key was in one group. Cost in
 * nano-dollars. An adjustment is a row with the provider `adjustment`, a cost and no requests.
 */
export interface UsageRow {
  /** The start of the interval, in hours since 1970-01-01. */
  hour: number
  model: string
  /** The provider; empty if no request was sent. */
  provider: string
  /** The id of the key's group; empty for none. */
  group: string
  requests: number
  input: number
  output: number
  cacheRead: number
  /** All cache writes, including those for one hour. */
  cacheWrite: number
  cacheWrite1h: number
  webSearches: number
  thinking: number
  cost: number
  errors: number
  adaptations: number
  /** The number of requests with estimated usage. */
  estimated: number
  errorTypes: Record<string, number>
}

/** An interval without its end `to`; both are in hours since 1970-01-01. */
export interface Span {
  from: number
  to: number
  /** The hours per row: 1 or 24. */
  hoursPerRow: number
}

/** The usage of one session of a coding agent. Times are epoch milliseconds, the cost nano-dollars. */
export interface SessionRow {
  session: string
  /** The agent's id; empty for the session's own requests. */
  agent: string
  /** When the first request was made, in epoch milliseconds. */
  firstAt: number
  lastAt: number
  requests: number
  input: number
  output: number
  cost: number
}

/** The provider of rows that an operator booked. */
export const adjustmentProvider = 'adjustment'

/** The group that the key was in at the hour of a row. */
function groupAt(hour: string): string {
  return `coalesce((SELECT group_id FROM memberships WHERE memberships.hour <= ${hour}
    ORDER BY memberships.hour DESC LIMIT 1), '') AS "group"`
}

/** Reads the usage of a span by time, then model, provider and group; adjustments are last. */
export function readUsage(sql: Sql, span: Span): UsageRow[] {
  return [...readCharges(sql, span), ...readAdjustments(sql, span)]
}

function readCharges(sql: Sql, { from, to, hoursPerRow }: Span): UsageRow[] {
  const span = `hour / ${Math.trunc(hoursPerRow)} * ${Math.trunc(hoursPerRow)}`
  const errors = new Map<string, Record<string, number>>()
  for (const row of readRows<Named & { type: string; count: number }>(
    sql,
    `SELECT ${span} AS hour, model, provider, ${groupAt('errors.hour')}, type, sum(count) AS count
      FROM errors WHERE hour >= ? AND hour < ? GROUP BY 1, 2, 3, 4, 5`,
    from,
    to,
  )) {
    const name = nameOf(row)
    errors.set(name, { ...errors.get(name), [row.type]: row.count })
  }
  const rows = readRows<Counted>(
    sql,
    `SELECT ${span} AS hour, model, provider, ${groupAt('usage.hour')},
        sum(requests) AS requests, sum(input) AS input,
        sum(output) AS output, sum(cache_read) AS cacheRead, sum(cache_write) AS cacheWrite,
        sum(cache_write_1h) AS cacheWrite1h, sum(web_searches) AS webSearches,
        sum(thinking) AS thinking, sum(cost) AS cost, sum(errors) AS errors,
        sum(adaptations) AS adaptations, sum(estimated) AS estimated
      FROM usage WHERE hour >= ? AND hour < ? GROUP BY 1, 2, 3, 4 HAVING sum(requests) > 0
      ORDER BY 1, 2, 3, 4`,
    from,
    to,
  )
  return rows.map((row) => ({ ...row, errorTypes: errors.get(nameOf(row)) ?? {} }))
}

/**
 * Reads only corrections: in a group's ledger those of the group itself, since its keys' are in
 * theirs.
 */
export function readAdjustments(sql: Sql, { from, to, hoursPerRow }: Span): UsageRow[] {
  const width = hoursPerRow * hourMs
  const rows = readRows<Counted>(
    sql,
    `SELECT at / ${width} * ${hoursPerRow} AS hour, model, '${adjustmentProvider}' AS provider,
        ${groupAt(`at / ${hourMs}`)}, 0 AS requests, 0 AS input, 0 AS output, 0 AS cacheRead,
        0 AS cacheWrite, 0 AS cacheWrite1h, 0 AS webSearches, 0 AS thinking, sum(cost) AS cost,
        0 AS errors, 0 AS adaptations, 0 AS estimated
      FROM adjustments WHERE key = '' AND at >= ? AND at < ? GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
    from * hourMs,
    to * hourMs,
  )
  return rows.map((row) => ({ ...row, errorTypes: {} }))
}

const usualHours = 24

/**
 * Reads the recent average output of a model in tokens per request; undefined if there was none.
 */
export function readUsualOutput({ all }: Sql, model: string, now: number): number | undefined {
  const [row] = all(
    `SELECT sum(output) AS output, sum(requests - errors) AS requests FROM usage
      WHERE hour > ? AND model = ?`,
    Math.floor(now / hourMs) - usualHours,
    model,
  )
  const requests = toNumber(row?.['requests'])
  return requests > 0 ? toNumber(row?.['output']) / requests : undefined
}

/** Reads sessions, the latest first. */
export function readSessions(sql: Sql, limit: number): SessionRow[] {
  return readRows(
    sql,
    `SELECT session, agent, first_at AS firstAt, last_at AS lastAt, requests, input, output, cost
      FROM sessions WHERE requests > 0 ORDER BY last_at DESC, session, agent LIMIT ?`,
    limit,
  )
}

/** Reads when each secret was last used, in epoch milliseconds, by its last four characters. */
export function readLastUsed({ all }: Sql): Record<string, number> {
  const rows = all('SELECT last_four, last_used FROM secrets')
  return Object.fromEntries(
    rows.map((row) => [toText(row['last_four']), toNumber(row['last_used'])]),
  )
}

/** A row as the database counts it. */
type Counted = Omit<UsageRow, 'errorTypes'>

type Named = Pick<UsageRow, 'hour' | 'model' | 'provider' | 'group'>

function nameOf({ hour, model, provider, group }: Named): string {
  return `${hour} ${model} ${provider} ${group}`
}

/** Web searches since the day began, in UTC. */
export function readSearches({ all }: Sql, now: number): number {
  const [row] = all(
    'SELECT sum(web_searches) AS searches FROM usage WHERE hour >= ?',
    Math.floor(now / dayMs) * 24,
  )
  return toNumber(row?.['searches'])
}

const dayMs = 86_400_000
