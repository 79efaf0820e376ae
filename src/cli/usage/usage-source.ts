/** Reads usage from the ledgers of a local gateway, or from the reports of a gateway's Admin API. */
import * as z from 'zod/mini'

import { listKeys } from '../../keys/store.ts'
import type { UsageRow } from '../../ledger/usage/read-usage.ts'
import { readUsage } from '../../ledger/usage/read-usage.ts'
import type { Gateway } from '../keys/admin-api.ts'
import { callAdminApi, createApiAdmin } from '../keys/admin-api.ts'
import { readLocalLedgers } from '../keys/local-ledgers.ts'
import { withKv } from '../platform/kv-location.ts'

/** The usage of one key, model, provider and day. */
export interface DayUsage extends Omit<
  UsageRow,
  'hour' | 'adaptations' | 'errorTypes' | 'cacheWrite1h' | 'webSearches'
> {
  /** The day in UTC: `2026-11-25`. */
  day: string
  keyId: string
}

export interface Usage {
  rows: DayUsage[]
  /** The names of keys, by id. */
  names: Map<string, string>
}

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
  const found = await readLocalLedgers(state, (sql) => readUsage(sql, span))
  const keys = await withKv({ state }, 'KEYS', listKeys)
  const rows = [...found].flatMap(([keyId, rowsOfKey]) =>
    rowsOfKey.map(({ hour, ...row }) => ({ ...row, keyId, day: toDay(new Date(hour * hourMs)) })),
  )
  return { rows, names: new Map(keys.map(({ id, name }) => [id, name])) }
}

const count = z.number()

const report = z.object({
  next_page: z.nullable(z.string()),
  data: z.array(
    z.object({
      starting_at: z.string(),
      results: z.array(
        z.object({
          api_key_id: z.string(),
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
  for (const name of ['api_key_id', 'model', 'provider']) {
    query.append('group_by[]', name)
  }
  const rows: DayUsage[] = []
  let page: string | null = ''
  while (page !== null) {
    const more: string = page === '' ? '' : `&page=${page}`
    const body = await callAdminApi(
      gateway,
      'GET',
      `/usage_report/messages?${query.toString()}${more}`,
    )
    const { data, next_page: next } = report.parse(body)
    for (const { starting_at: start, results } of data) {
      rows.push(...results.map((result) => toRow(toDay(new Date(start)), result)))
    }
    page = next
  }
  const keys = await createApiAdmin(gateway).list()
  return { rows, names: new Map(keys.map(({ id, name }) => [id, name])) }
}

type Result = z.infer<typeof report>['data'][number]['results'][number]

function toRow(day: string, result: Result): DayUsage {
  const { gateway } = result
  return {
    day,
    keyId: result.api_key_id,
    model: result.model,
    provider: gateway.provider,
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
