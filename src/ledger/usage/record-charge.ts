/** Records a request's charge: usage by the hour, money by the day, sessions, secrets. */
import { toDay } from '../limits/budget-window.ts'
import type { Charge, NanoUsd } from '../protocol.ts'
import type { Sql } from '../storage/sql.ts'
import { addTo, countRows, insert, toNumber, toSums, toText } from '../storage/sql.ts'

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
    const later = `excluded.last_used >= last_used + ${lastUsedEveryMs}`
    const update = `UPDATE SET last_used = excluded.last_used WHERE ${later}`
    insert(sql, 'secrets', { last_four: charge.lastFour, last_used: charge.at }, update)
  }
}

function addUsage(sql: Sql, charge: Charge, sign: 1 | -1): void {
  const { model, provider, usage, cost, error, adaptations, estimated } = charge
  const key = { hour: Math.floor(charge.at / hourMs), model, provider }
  addTo(sql, 'usage', key, {
    requests: sign,
    input: usage.input * sign,
    output: usage.output * sign,
    cache_read: usage.cacheRead * sign,
    cache_write: usage.cacheWrite * sign,
    cache_write_1h: (usage.cacheWrite1h ?? 0) * sign,
    web_searches: (usage.webSearches ?? 0) * sign,
    thinking: usage.thinking * sign,
    cost: cost * sign,
    errors: error === undefined ? 0 : sign,
    adaptations: adaptations * sign,
    estimated: estimated ? sign : 0,
  })
  if (error !== undefined) {
    addTo(sql, 'errors', { ...key, type: error }, { count: sign })
  }
}

/** Counts an amount of money in each of the scopes. */
export function addSpend(
  sql: Sql,
  { at, cost }: { at: number; cost: NanoUsd },
  scopes: readonly string[],
): void {
  if (cost === 0) {
    return
  }
  for (const scope of scopes) {
    addTo(sql, 'spend_by_scope', { scope, day: toDay(at) }, { cost })
  }
}

/** Usage counts for the group that the key is in at the end of the hour; rows are written on a change only. */
function recordMembership(sql: Sql, { at, group }: Charge): void {
  const [last] = sql.all('SELECT hour, group_id FROM memberships ORDER BY hour DESC LIMIT 1')
  const hour = Math.floor(at / hourMs)
  if (
    group !== undefined &&
    toText(last?.['group_id']) !== group &&
    hour >= toNumber(last?.['hour'])
  ) {
    const update = 'UPDATE SET group_id = excluded.group_id'
    insert(sql, 'memberships', { hour, group_id: group }, update)
  }
}

function addSession(sql: Sql, charge: Charge, sign: 1 | -1): void {
  const { session, agent = '', at, usage, cost } = charge
  if (session === undefined) {
    return
  }
  const key = { session: session.slice(0, maxNameLength), agent: agent.slice(0, maxNameLength) }
  const amounts = {
    requests: sign,
    input: (usage.input + usage.cacheRead + usage.cacheWrite) * sign,
    output: usage.output * sign,
    cost: cost * sign,
  }
  const known = countRows(sql, 'sessions WHERE session = ? AND agent = ?', ...Object.values(key))
  const update = `UPDATE SET last_at = max(last_at, excluded.last_at), ${toSums(amounts)}`
  insert(sql, 'sessions', { ...key, first_at: at, last_at: at, ...amounts }, update)
  if (known === 0) {
    deleteQuietSessions(sql)
  }
}

function deleteQuietSessions(sql: Sql): void {
  const surplus = countRows(sql, 'sessions') - maxSessions
  if (surplus > 0) {
    sql.all(
      `DELETE FROM sessions WHERE (session, agent) IN
        (SELECT session, agent FROM sessions ORDER BY last_at LIMIT ?)`,
      surplus,
    )
  }
}

/** Deletes usage that is too old for any report. */
export function deleteOldUsage(sql: Sql, now: number): void {
  const before = Math.floor((now - keptDays * dayMs) / hourMs)
  sql.all('DELETE FROM usage WHERE hour < ?', before)
  sql.all('DELETE FROM errors WHERE hour < ?', before)
  const firstDay = toDay(now) - keptDays
  if (countRows(sql, 'spend_by_scope WHERE day >= 0 AND day < ?', firstDay) > 0) {
    // Budgets of all time still count them, as day -1.
    sql.all(
      `INSERT INTO spend_by_scope (scope, day, cost)
        SELECT scope, -1, sum(cost) FROM spend_by_scope WHERE day >= 0 AND day < ? GROUP BY scope
        ON CONFLICT DO UPDATE SET cost = cost + excluded.cost`,
      firstDay,
    )
    sql.all('DELETE FROM spend_by_scope WHERE day >= 0 AND day < ?', firstDay)
  }
}
