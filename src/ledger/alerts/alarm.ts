/**
 * What the alarm of a ledger does: it delivers alerts that are due, and in the gateway's own ledger looks after
 * the catalog and the keys.
 */
import type { Alert } from '../../alerts/alert.ts'
import type { AlertSink } from '../../alerts/sink.ts'
import { dialects } from '../../dialects/index.ts'
import { append } from '../../platform/append.ts'
import type { KeyValue } from '../../platform/key-value.ts'
import { presets } from '../../providers/index.ts'
import { exchangeFact, readFact } from '../storage/facts.ts'
import type { Sql } from '../storage/sql.ts'
import type { DueTools } from './deliver-due.ts'
import { deliverDue } from './deliver-due.ts'
import type { Outbox } from './outbox.ts'
import { watchCatalog, watchKeys } from './watch-gateway.ts'

/** How often the catalog is read, in milliseconds. */
const catalogEveryMs = 300_000

/** How often keys are listed, in milliseconds. */
const keysEveryMs = 3_600_000

/** The facts in which the gateway's ledger remembers its sinks, and when it last looked. */
const facts = { sinks: 'alert_sinks', catalog: 'catalog_watched', keys: 'keys_watched' } as const

/** What the alarm of a ledger needs. */
export interface AlarmTools extends DueTools {
  keys: KeyValue
  catalog: KeyValue
}

/** Has a ledger watch the gateway, for these sinks. Returns whether that is new. */
export function startWatching(sql: Sql, sinks: readonly AlertSink[]): boolean {
  const text = JSON.stringify(sinks)
  return exchangeFact(sql, facts.sinks, text) !== text
}

/** The sinks for which a ledger watches the gateway; empty if it does not. */
export function watchedSinks(sql: Sql): readonly AlertSink[] {
  return JSON.parse(readFact(sql, facts.sinks) ?? '[]')
}

/** Returns when the alarm is needed again, in epoch milliseconds; undefined if it is not. */
export async function runAlarm(
  sql: Sql,
  outbox: Outbox,
  tools: AlarmTools,
): Promise<number | undefined> {
  await watch(sql, outbox, tools)
  await deliverDue(outbox, tools)
  const isWatching = watchedSinks(sql).length > 0
  const nextWatch = isWatching ? lastTime(sql, facts.catalog) + catalogEveryMs : Infinity
  const next = Math.min(outbox.nextDue() ?? Infinity, nextWatch)
  return next === Infinity ? undefined : next
}

/** Looks at what is due to be looked at, and raises alerts. */
async function watch(sql: Sql, outbox: Outbox, tools: AlarmTools): Promise<void> {
  const now = tools.now()
  if (watchedSinks(sql).length === 0 || now < lastTime(sql, facts.catalog) + catalogEveryMs) {
    return
  }
  exchangeFact(sql, facts.catalog, String(now))
  const alerts: Alert[] = []
  try {
    const seen = await watchCatalog(tools.catalog, { dialects, presets }, now)
    if ('broken' in seen) {
      alerts.push(seen.broken)
    } else {
      startWatching(sql, seen.sinks)
    }
    if (now >= lastTime(sql, facts.keys) + keysEveryMs) {
      append(alerts, await watchKeys(tools.keys, now))
      exchangeFact(sql, facts.keys, String(now))
    }
  } catch (error) {
    // KV is unavailable: the next time comes soon.
    const reason = error instanceof Error ? error.message : 'an unknown error'
    tools.writeLog({ level: 'warn', alerts_not_watched: reason })
  }
  outbox.raise(alerts, watchedSinks(sql), now)
}

function lastTime(sql: Sql, name: string): number {
  return Number(readFact(sql, name) ?? 0)
}
