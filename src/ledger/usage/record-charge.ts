/** Records a request's charge: usage by the hour, money by the day, sessions, secrets. */
import { toDay } from '../limits/budget-window.ts'
import type { Charge, NanoUsd } from '../protocol.ts'
import type { Sql } from '../storage/sql.ts'
import { toNumber, toText } from '../storage/sql.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/**
 * How many days hourly usage is kept: a year, and the month before it that a report may include.
 */
const keptDays = 400

/**
 * The maximal number of sessions and agents per key; the least recently active are deleted first.
 */
export const maxSessions = 1000

/** The length to which names of clients are truncated. */
const maxNameLength = 128

/** The minimal interval between writes of a secret's last use, in milliseconds. */
const lastUsedEveryMs = 5 * 60_000

/**
 * Records a charge, or with `sign` -1 reverses an earlier one. Money is counted in each of the
 * scopes. The row of a session whose only charge is reversed is kept with amounts of zero.
 */
export function recordCharge(
  sql: Sql,
  charge: Charge,
  scopes: readonly string[],
  sign: 1 | -1 = 1,
): void {
  if (charge.kind !== 'count_tokens') {
    addUsage(sql, charge, sign)
    addSpend(sql, { at: charge.at, cost: charge.cost * sign }, scopes)
    addSession(sql, charge, sign)
    recordMembership(sql, charge)
  }
  if (sign === 1 && charge.lastFour !== undefined) {
    sql.all(
      `INSERT INTO secrets (last_four, last_used) VALUES (?, ?)
        ON CONFLICT DO UPDATE SET last_used = excluded.last_used
        WHERE excluded.last_used >= last_used + ${lastUsedEveryMs}`,
      charge.lastFour,
      charge.at,
    )
  }
}

function addUsage({ all }: Sql, charge: Charge, sign: 1 | -1): void {
  const { model, provider, usage, cost, error, adaptations, estimated } = charge
  const hour = Math.floor(charge.at / hourMs)
  const amounts = [
    1,
    usage.input,
    usage.output,
    usage.cacheRead,
    usage.cacheWrite,
    usage.cacheWrite1h ?? 0,
    usage.webSearches ?? 0,
    usage.thinking,
    cost,
    error === undefined ? 0 : 1,
    adaptations,
    estimated ? 1 : 0,
  ].map((amount) => amount * sign)
  all(
    `INSERT INTO usage (hour, model, provider, requests, input, output, cache_read, cache_write,
        cache_write_1h, web_searches, thinking, cost, errors, adaptations, estimated)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET requests = requests + excluded.requests,
        input = input + excluded.input, output = output + excluded.output,
        cache_read = cache_read + excluded.cache_read,
        cache_write = cache_write + excluded.cache_write,
        cache_write_1h = cache_write_1h + excluded.cache_write_1h,
        web_searches = web_searches + excluded.web_searches,
        thinking = thinking + excluded.thinking, cost = cost + excluded.cost,
        errors = errors + excluded.errors, adaptations = adaptations + excluded.adaptations,
        estimated = estimated + excluded.estimated`,
    hour,
    model,
    provider,
    ...amounts,
  )
  if (error !== undefined) {
    all(
      `INSERT INTO errors (hour, model, provider, type, count) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET count = count + excluded.count`,
      hour,
      model,
      provider,
      error,
      sign,
    )
  }
}

/** Counts an amount of money in each of the scopes. */
export function addSpend(
  { all }: Sql,
  { at, cost }: { at: number; cost: NanoUsd },
  scopes: readonly string[],
): void {
  if (cost === 0) {
    return
  }
  for (const scope of scopes) {
    all(
      `INSERT INTO spend_by_scope (scope, day, cost) VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET cost = cost + excluded.cost`,
      scope,
      toDay(at),
      cost,
    )
  }
}

/** Usage counts for the group that the key is in at the end of the hour; rows are written on a change only. */
function recordMembership({ all }: Sql, { at, group }: Charge): void {
  const [last] = all('SELECT hour, group_id FROM memberships ORDER BY hour DESC LIMIT 1')
  const hour = Math.floor(at / hourMs)
  if (
    group !== undefined &&
    toText(last?.['group_id']) !== group &&
    hour >= toNumber(last?.['hour'])
  ) {
    all(
      `INSERT INTO memberships (hour, group_id) VALUES (?, ?)
        ON CONFLICT DO UPDATE SET group_id = excluded.group_id`,
      hour,
      group,
    )
  }
}

function addSession({ all }: Sql, charge: Charge, sign: 1 | -1): void {
  const { session, agent = '', at, usage, cost } = charge
  if (session === undefined) {
    return
  }
  const input = usage.input + usage.cacheRead + usage.cacheWrite
  const name = [session.slice(0, maxNameLength), agent.slice(0, maxNameLength)] as const
  const [known] = all('SELECT 1 AS known FROM sessions WHERE session = ? AND agent = ?', ...name)
  all(
    `INSERT INTO sessions (session, agent, first_at, last_at, requests, input, output, cost)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET last_at = max(last_at, excluded.last_at),
        requests = requests + excluded.requests, input = input + excluded.input,
        output = output + excluded.output, cost = cost + excluded.cost`,
    ...name,
    at,
    at,
    sign,
    input * sign,
    usage.output * sign,
    cost * sign,
  )
  if (known === undefined) {
    deleteQuietSessions(all)
  }
}

function deleteQuietSessions(all: Sql['all']): void {
  const [row] = all('SELECT count(*) AS count FROM sessions')
  const surplus = toNumber(row?.['count']) - maxSessions
  if (surplus > 0) {
    all(
      `DELETE FROM sessions WHERE (session, agent) IN
        (SELECT session, agent FROM sessions ORDER BY last_at LIMIT ?)`,
      surplus,
    )
  }
}

/** Deletes usage that is too old for any report. */
export function deleteOldUsage({ all }: Sql, now: number): void {
  const before = Math.floor((now - keptDays * dayMs) / hourMs)
  all('DELETE FROM usage WHERE hour < ?', before)
  all('DELETE FROM errors WHERE hour < ?', before)
  const firstDay = toDay(now) - keptDays
  const [old] = all(
    'SELECT count(*) AS count FROM spend_by_scope WHERE day >= 0 AND day < ?',
    firstDay,
  )
  if (toNumber(old?.['count']) > 0) {
    // Budgets of all time still count them, as day -1.
    all(
      `INSERT INTO spend_by_scope (scope, day, cost)
        SELECT scope, -1, sum(cost) FROM spend_by_scope WHERE day >= 0 AND day < ? GROUP BY scope
        ON CONFLICT DO UPDATE SET cost = cost + excluded.cost`,
      firstDay,
    )
    all('DELETE FROM spend_by_scope WHERE day >= 0 AND day < ?', firstDay)
  }
}
