/**
 * Usage and cost reports in Anthropic's format
 * (https://platform.claude.com/docs/en/api/admin/usage_report/retrieve_messages), from the rows of
 * every key's ledger. Fields of this gateway only are under `gateway`. Pure.
 */
import type { UsageRow } from './read-usage.ts'

const hourMs = 3_600_000

/** The usage rows of one key's ledger. */
export interface KeyRows {
  /** Null for a group's own rows. */
  keyId: string | null
  rows: readonly UsageRow[]
}

/** What a report can be grouped by. `provider` is this gateway's; a workspace is a group of keys. */
export const groupings = ['api_key_id', 'model', 'provider', 'workspace_id'] as const

/** A field that a report can be grouped by. */
export type Grouping = (typeof groupings)[number]

/** The borders of a report's steps in time, and what its results are grouped by. */
export interface Buckets {
  /**
   * The boundaries of the buckets in hours since 1970-01-01; the last one is the end of the last
   * bucket.
   */
  borders: readonly number[]
  groupBy: ReadonlySet<Grouping>
}

interface Group {
  keyId: string | null
  model: string | null
  provider: string | null
  group: string | null
  rows: UsageRow[]
}

/** Returns each bucket's `results`: tokens by the grouping. */
export function toUsageBuckets(keys: readonly KeyRows[], buckets: Buckets): object[] {
  return toBuckets(keys, buckets, ({ keyId, model, provider, group, rows }) => ({
    uncached_input_tokens: sum(rows, 'input'),
    cache_creation: {
      ephemeral_1h_input_tokens: sum(rows, 'cacheWrite1h'),
      ephemeral_5m_input_tokens: sum(rows, 'cacheWrite') - sum(rows, 'cacheWrite1h'),
    },
    cache_read_input_tokens: sum(rows, 'cacheRead'),
    output_tokens: sum(rows, 'output'),
    server_tool_use: { web_search_requests: sum(rows, 'webSearches') },
    api_key_id: keyId,
    model,
    ...unsupportedDimensions,
    workspace_id: group,
    account_id: null,
    service_account_id: null,
    gateway: {
      provider,
      requests: sum(rows, 'requests'),
      thinking_tokens: sum(rows, 'thinking'),
      cost_usd: toDecimal(sum(rows, 'cost'), 9),
      errors: sum(rows, 'errors'),
      error_types: sumTypes(rows),
      adaptations: sum(rows, 'adaptations'),
      estimated_requests: sum(rows, 'estimated'),
    },
  }))
}

/** Returns each bucket's `results`: cost by the grouping, in cents as a decimal string. */
export function toCostBuckets(keys: readonly KeyRows[], buckets: Buckets): object[] {
  return toBuckets(keys, buckets, ({ keyId, model, provider, group, rows }) => ({
    currency: 'USD',
    amount: toDecimal(sum(rows, 'cost'), 7),
    cost_type: model === null ? null : 'tokens',
    description: model === null ? null : describe(model),
    model,
    token_type: null,
    ...unsupportedDimensions,
    workspace_id: group,
    gateway: { api_key_id: keyId, provider },
  }))
}

/** Anthropic's dimensions that this gateway does not have. */
const unsupportedDimensions = {
  service_tier: null,
  context_window: null,
  inference_geo: null,
}

/** An adjustment need not name a model. */
function describe(model: string): string {
  return model === '' ? 'Adjustment' : `${model} usage`
}

function toBuckets(
  keys: readonly KeyRows[],
  { borders, groupBy }: Buckets,
  toResult: (group: Group) => object,
): object[] {
  return borders.slice(0, -1).map((from, index) => {
    const to = borders[index + 1] ?? from
    const groups = new Map<string, Group>()
    for (const { keyId, rows } of keys) {
      for (const row of rows) {
        if (row.hour >= from && row.hour < to) {
          const group = toGroup(keyId, row, groupBy)
          const name = JSON.stringify([group.keyId, group.model, group.provider, group.group])
          groups.set(name, { ...group, rows: [...(groups.get(name)?.rows ?? []), row] })
        }
      }
    }
    return {
      starting_at: toTimestamp(from),
      ending_at: toTimestamp(to),
      results: [...groups.values()].map(toResult),
    }
  })
}

function toGroup(keyId: string | null, row: UsageRow, groupBy: Buckets['groupBy']): Group {
  return {
    keyId: groupBy.has('api_key_id') ? keyId : null,
    model: groupBy.has('model') ? row.model : null,
    provider: groupBy.has('provider') ? row.provider : null,
    group: groupBy.has('workspace_id') ? row.group : null,
    rows: [row],
  }
}

type Amount = Exclude<keyof UsageRow, 'hour' | 'model' | 'provider' | 'group' | 'errorTypes'>

function sum(rows: readonly UsageRow[], amount: Amount): number {
  return rows.reduce((total, row) => total + row[amount], 0)
}

function sumTypes(rows: readonly UsageRow[]): Record<string, number> {
  const types: Record<string, number> = {}
  for (const [type, count] of rows.flatMap(({ errorTypes }) => Object.entries(errorTypes))) {
    types[type] = (types[type] ?? 0) + count
  }
  return types
}

/** Formats a fixed-point amount exactly: `60000` with 9 decimals is `0.00006`. */
export function toDecimal(amount: number, places: number): string {
  const digits = String(BigInt(Math.abs(amount))).padStart(places + 1, '0')
  const fraction = digits.slice(-places).replace(/(?<!0)0+$/, '')
  const integer = digits.slice(0, -places)
  return `${amount < 0 ? '-' : ''}${integer}${fraction === '' ? '' : `.${fraction}`}`
}

function toTimestamp(hour: number): string {
  return new Date(hour * hourMs).toISOString().replace('.000Z', 'Z')
}
