/** Reads usage from the ledgers of a local gateway, or from the reports of a gateway's Admin API. */
import * as z from 'zod/mini'

import { listGroups } from '../../keys/groups/store.ts'
import { listKeys } from '../../keys/store.ts'
import { parseGroupLedger } from '../../ledger/ledger-name.ts'
import type { SessionRow, UsageRow } from '../../ledger/usage/read-usage.ts'
import { readAdjustments, readSessions, readUsage } from '../../ledger/usage/read-usage.ts'
import type { AdminApi, Gateway } from '../keys/access/admin-api.ts'
import { createGatewayApi } from '../keys/access/admin-api.ts'
import { KeyAdmin } from '../keys/access/key-admin.ts'
import { readLocalLedgers } from '../keys/access/ledger-files.ts'
import { withKv } from '../platform/kv-location.ts'

/** The usage of one key, model, provider and day, or of one session. */
export interface DayUsage extends Omit<
  UsageRow,
  'hour' | 'adaptations' | 'errorTypes' | 'cacheWrite1h' | 'webSearches'
> {
  /** The day in UTC: `2026-11-25`. */
  day: string
  /** Empty for a correction of a group. */
  keyId: string
  /** Empty where usage is not of one session. */
  session: string
  agent: string
}

/** Usage by day, with the names of keys and groups by id. */
export interface Usage {
  rows: DayUsage[]
  /** The names of keys, by id. */
  names: Map<string, string>
  /** The names of groups, by id. */
  groups: Map<string, string>
}

/** A range of time. Usage is stored by the hour, so the range is widened to whole hours. */
export interface Range {
  since: Date
  until: Date
}

const hourMs = 3_600_000
const hoursPerDay = 24

/** Reads the files of a local gateway, whether it is running or not. */
export async function readLocalUsage(state: string, { since, until }: Range): Promise<Usage> {
  const span = {
    from: Math.floor(since.getTime() / hourMs),
    to: Math.ceil(until.getTime() / hourMs),
    hoursPerRow: hoursPerDay,
  }
  const found = await readLocalLedgers(state, (sql, name) => {
    const group = parseGroupLedger(name)
    return group === undefined
      ? readUsage(sql, span)
      : readAdjustments(sql, span).map((row) => ({ ...row, group }))
  })
  const rows = [...found].flatMap(([name, rowsOfLedger]) =>
    rowsOfLedger.map(({ hour, ...row }) => ({
      ...row,
      ...noSession,
      keyId: parseGroupLedger(name) === undefined ? name : '',
      day: toDay(new Date(hour * hourMs)),
    })),
  )
  return { rows, ...(await readLocalNames(state)) }
}

const noSession = { session: '', agent: '' }

async function readLocalNames(state: string): Promise<Omit<Usage, 'rows'>> {
  return withKv({ state }, 'KEYS', async (kv) => ({
    names: toNames(await listKeys(kv)),
    groups: toNames(await listGroups(kv)),
  }))
}

function toNames(all: readonly { id: string; name: string }[]): Map<string, string> {
  return new Map(all.map(({ id, name }) => [id, name]))
}

/** Sessions of one key that are read. */
const maxSessionsPerKey = 1000

/** Reads the sessions that were active in a range, from the files of a local gateway. */
export async function readLocalSessions(state: string, range: Range): Promise<Usage> {
  const found = await readLocalLedgers(state, (sql) => readSessions(sql, maxSessionsPerKey))
  const rows = [...found].flatMap(([keyId, sessions]) => toSessionRows(keyId, sessions, range))
  return { rows, ...(await readLocalNames(state)) }
}

function toSessionRows(keyId: string, sessions: readonly SessionRow[], range: Range): DayUsage[] {
  return sessions
    .filter(
      ({ firstAt, lastAt }) => lastAt >= range.since.getTime() && firstAt <= range.until.getTime(),
    )
    .map(({ session, agent, lastAt, requests, input, output, cost }) => ({
      day: toDay(new Date(lastAt)),
      keyId,
      session,
      agent,
      group: '',
      model: '',
      provider: '',
      requests,
      input,
      output,
      cacheRead: 0,
      cacheWrite: 0,
      thinking: 0,
      cost,
      errors: 0,
      estimated: 0,
    }))
}

const count = z.number()

const report = z.object({
  next_page: z.nullable(z.string()),
  data: z.array(
    z.object({
      starting_at: z.string(),
      results: z.array(
        z.object({
          /** Null for a correction of a group. */
          api_key_id: z.nullable(z.string()),
          workspace_id: z.optional(z.nullable(z.string())),
          model: z.string(),
          uncached_input_tokens: count,
          output_tokens: count,
          cache_read_input_tokens: count,
          cache_creation: z.object({
            ephemeral_5m_input_tokens: count,
            ephemeral_1h_input_tokens: count,
          }),
          gateway: z.object({
            provider: z.string(),
            requests: count,
            thinking_tokens: count,
            cost_usd: z.string(),
            errors: count,
            estimated_requests: count,
          }),
        }),
      ),
    }),
  ),
})

/** Reads the usage report of a gateway over HTTP. */
export async function readRemoteUsage(gateway: Gateway, { since, until }: Range): Promise<Usage> {
  const query = new URLSearchParams({
    starting_at: since.toISOString(),
    ending_at: until.toISOString(),
    limit: '31',
  })
  for (const name of ['api_key_id', 'model', 'provider', 'workspace_id']) {
    query.append('group_by[]', name)
  }
  const api = createGatewayApi(gateway)
  const rows: DayUsage[] = []
  let page: string | null = ''
  while (page !== null) {
    const more: string = page === '' ? '' : `&page=${page}`
    const body = await api.call('GET', `/usage_report/messages?${query.toString()}${more}`)
    const { data, next_page: next } = report.parse(body)
    for (const { starting_at: start, results } of data) {
      rows.push(...results.map((result) => toRow(toDay(new Date(start)), result)))
    }
    page = next
  }
  return { rows, ...(await readRemoteNames(api)) }
}

async function readRemoteNames(api: AdminApi): Promise<Omit<Usage, 'rows'>> {
  const admin = new KeyAdmin(api)
  return { names: toNames(await admin.list()), groups: toNames(await admin.groups.list(true)) }
}

const sessionList = z.object({
  data: z.array(
    z.object({
      session_id: z.string(),
      agent_id: z.nullable(z.string()),
      first_at: z.string(),
      last_at: z.string(),
      requests: count,
      input_tokens: count,
      output_tokens: count,
      /** A number up to version 0.1. */
      cost_usd: z.union([z.string(), count]),
    }),
  ),
})

/** Reads the sessions of each key over HTTP. */
export async function readRemoteSessions(gateway: Gateway, range: Range): Promise<Usage> {
  const api = createGatewayApi(gateway)
  const known = await readRemoteNames(api)
  const rows: DayUsage[] = []
  for (const keyId of known.names.keys()) {
    const body = await api.call('GET', `/api_keys/${keyId}/sessions`)
    const sessions = sessionList.parse(body).data.map((session) => ({
      session: session.session_id,
      agent: session.agent_id ?? '',
      firstAt: Date.parse(session.first_at),
      lastAt: Date.parse(session.last_at),
      requests: session.requests,
      input: session.input_tokens,
      output: session.output_tokens,
      cost: Math.round(Number(session.cost_usd) * 1e9),
    }))
    rows.push(...toSessionRows(keyId, sessions, range))
  }
  return { rows, ...known }
}

type Result = z.infer<typeof report>['data'][number]['results'][number]

function toRow(day: string, result: Result): DayUsage {
  const { gateway } = result
  return {
    day,
    keyId: result.api_key_id ?? '',
    ...noSession,
    model: result.model,
    provider: gateway.provider,
    group: result.workspace_id ?? '',
    requests: gateway.requests,
    input: result.uncached_input_tokens,
    output: result.output_tokens,
    cacheRead: result.cache_read_input_tokens,
    cacheWrite:
      result.cache_creation.ephemeral_5m_input_tokens +
      result.cache_creation.ephemeral_1h_input_tokens,
    thinking: gateway.thinking_tokens,
    cost: Math.round(Number(gateway.cost_usd) * 1e9),
    errors: gateway.errors,
    estimated: gateway.estimated_requests,
  }
}

function toDay(date: Date): string {
  return date.toISOString().slice(0, 10)
}
