/** Records what a request used: usage by the hour, money by the day, sessions, secrets. */
import { toDay } from '../limits/budget-window.ts'
import type { Charge } from '../protocol.ts'
import type { Sql } from '../storage/sql.ts'
import { toNumber } from '../storage/sql.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** How long hours are kept: a year, and the month that a report of it may reach back into. */
const keptDays = 400

/** Sessions and agents of one key; the ones that were quiet longest are forgotten first. */
export const maxSessions = 1000

/** Names that clients choose are cut to this. */
const maxNameLength = 128

/**
 * Records a charge, or with `sign` -1 reverses one that was recorded before. The row of a session whose
 * only charge is reversed stays, with amounts of zero.
 */
export function recordCharge(sql: Sql, charge: Charge, sign: 1 | -1 = 1): void {
  if (charge.kind === 'messages') {
    addUsage(sql, charge, sign)
    addSpend(sql, charge, sign)
    addSession(sql, charge, sign)
  }
  if (sign === 1 && charge.lastFour !== undefined) {
    sql.all(
      `INSERT INTO secrets (last_four, last_used) VALUES (?, ?)
        ON CONFLICT DO UPDATE SET last_used = max(last_used, excluded.last_used)`,
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
    usage.thinking,
    cost,
    error === undefined ? 0 : 1,
    adaptations,
    estimated ? 1 : 0,
  ].map((amount) => amount * sign)
  all(
    `INSERT INTO usage (hour, model, provider, requests, input, output, cache_read, cache_write,
        thinking, cost, errors, adaptations, estimated)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET requests = requests + excluded.requests,
        input = input + excluded.input, output = output + excluded.output,
        cache_read = cache_read + excluded.cache_read,
        cache_write = cache_write + excluded.cache_write,
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

function addSpend({ all }: Sql, { at, cost }: Charge, sign: 1 | -1): void {
  if (cost === 0) {
    return
  }
  for (const day of [toDay(at), -1]) {
    all(
      `INSERT INTO spend (day, cost) VALUES (?, ?)
        ON CONFLICT DO UPDATE SET cost = cost + excluded.cost`,
      day,
      cost * sign,
    )
  }
}

function addSession({ all }: Sql, charge: Charge, sign: 1 | -1): void {
  const { session, agent = '', at, usage, cost } = charge
  if (session === undefined) {
    return
  }
  const input = usage.input + usage.cacheRead + usage.cacheWrite
  all(
    `INSERT INTO sessions (session, agent, first_at, last_at, requests, input, output, cost)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET last_at = max(last_at, excluded.last_at),
        requests = requests + excluded.requests, input = input + excluded.input,
        output = output + excluded.output, cost = cost + excluded.cost`,
    session.slice(0, maxNameLength),
    agent.slice(0, maxNameLength),
    at,
    at,
    sign,
    input * sign,
    usage.output * sign,
    cost * sign,
  )
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

/** Deletes what is older than any report reaches. */
export function deleteOldUsage({ all }: Sql, now: number): void {
  const before = Math.floor((now - keptDays * dayMs) / hourMs)
  all('DELETE FROM usage WHERE hour < ?', before)
  all('DELETE FROM errors WHERE hour < ?', before)
  all('DELETE FROM spend WHERE day >= 0 AND day < ?', toDay(now) - keptDays)
}
