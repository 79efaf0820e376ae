/** Usage by time and one dimension, as reports give it, for charts, tables and CSV. */
import type { Context } from 'hono'

import type { ChartData } from '../../../console/chart-data.ts'
import type { ConsoleEnv } from '../env.ts'
import type {
  GroupView,
  KeySummaryView,
  ListView,
  UsageBucketView,
  UsageResultView,
} from '../views.ts'

/** The dimensions that a page can group usage by, as parameters of reports. */
export const dimensions = ['model', 'provider', 'api_key_id', 'workspace_id'] as const

/** A dimension that usage is grouped by. */
export type Dimension = (typeof dimensions)[number]

/** The measures that a chart can show. */
export const measures = ['cost', 'tokens', 'requests'] as const

/** A measure of usage. */
export type Measure = (typeof measures)[number]

const sumNames = [
  'requests',
  'input',
  'cacheRead',
  'cacheWrite',
  'output',
  'errors',
  'adaptations',
  'cost',
] as const

/** Sums of one value of the dimension. */
export type UsageSums = Record<(typeof sumNames)[number], number>

/** The usage of one value of the dimension, in total and by step of time. */
export interface UsageSeries {
  /** The value of the dimension; empty for none. */
  id: string
  name: string
  total: UsageSums
  /** The sums by bucket. */
  values: UsageSums[]
}

/** Usage by step of time and by the values of one dimension. */
export interface Usage {
  by: Dimension
  /** The starts of the buckets, in ISO 8601. */
  starts: string[]
  stepSeconds: number
  /** The series by cost, then requests, the highest first. */
  series: UsageSeries[]
  total: UsageSums
}

/** The days, dimension and filter of a report; `isOwn` limits it to the session's key. */
export interface UsageQuery {
  /** The length of the report; one day has hours as buckets. */
  days: number
  by: Dimension
  filter?: Readonly<Record<string, string>>
  /** Whether the report is of the person's own key. */
  isOwn?: boolean
}

const dayMs = 86_400_000

/** Reads a report, in pages of 31 days. Ledgers that are missing count as unused. */
export async function readUsage(c: Context<ConsoleEnv>, query: UsageQuery): Promise<Usage> {
  const { days, by, filter = {}, isOwn = false } = query
  const now = c.get('exchange').record.startedAt
  const width = days === 1 ? '1h' : '1d'
  const start = days === 1 ? now - dayMs + 3_600_000 : now - (days - 1) * dayMs
  const parameters = new URLSearchParams({
    ...filter,
    starting_at: new Date(start).toISOString(),
    bucket_width: width,
    limit: days === 1 ? '24' : '31',
    'group_by[]': by,
  })
  const path = isOwn ? '/api_keys/me/usage_report' : '/usage_report/messages'
  const buckets: UsageBucketView[] = []
  if (c.get('config').ledgers !== undefined) {
    for (let page: string | null = ''; page !== null;) {
      if (page !== '') {
        parameters.set('page', page)
      }
      const report: { data: UsageBucketView[]; next_page: string | null } = await c
        .get('api')
        .get(`${path}?${parameters.toString()}`)
      report.data.forEach((bucket) => buckets.push(bucket))
      page = report.next_page
    }
  }
  const names = isOwn ? new Map<string, string>() : await readNames(c, by)
  return toUsage(by, buckets, { names, stepSeconds: days === 1 ? 3600 : 86_400 })
}

function toUsage(
  by: Dimension,
  buckets: readonly UsageBucketView[],
  { names, stepSeconds }: { names: ReadonlyMap<string, string>; stepSeconds: number },
): Usage {
  const series = new Map<string, UsageSeries>()
  buckets.forEach(({ results }, index) => {
    for (const result of results) {
      const id = (by === 'provider' ? result.gateway.provider : result[by]) ?? ''
      let entry = series.get(id)
      if (entry === undefined) {
        const values = buckets.map(() => ({ ...noUsage }))
        entry = { id, name: names.get(id) ?? id, total: { ...noUsage }, values }
        series.set(id, entry)
      }
      const sums = toSums(result)
      addTo(entry.total, sums)
      addTo(entry.values[index] ?? { ...noUsage }, sums)
    }
  })
  const all = [...series.values()].toSorted(
    (a, b) => b.total.cost - a.total.cost || b.total.requests - a.total.requests,
  )
  const total = { ...noUsage }
  all.forEach((each) => addTo(total, each.total))
  const starts = buckets.map(({ starting_at }) => starting_at)
  return { by, starts, stepSeconds, series: all, total }
}

const noUsage: UsageSums = {
  requests: 0,
  input: 0,
  cacheRead: 0,
  cacheWrite: 0,
  output: 0,
  errors: 0,
  adaptations: 0,
  cost: 0,
}

function addTo(sums: UsageSums, more: UsageSums): void {
  for (const name of sumNames) {
    sums[name] += more[name]
  }
}

function toSums(result: UsageResultView): UsageSums {
  const { cache_creation: writes, gateway } = result
  return {
    requests: gateway.requests,
    input: result.uncached_input_tokens,
    cacheRead: result.cache_read_input_tokens,
    cacheWrite: writes.ephemeral_1h_input_tokens + writes.ephemeral_5m_input_tokens,
    output: result.output_tokens,
    errors: gateway.errors,
    adaptations: gateway.adaptations,
    cost: Number(gateway.cost_usd),
  }
}

async function readNames(c: Context<ConsoleEnv>, by: Dimension): Promise<Map<string, string>> {
  const path = {
    api_key_id: '/api_keys?limit=100',
    workspace_id: '/groups?limit=100&include_deleted=true',
  }
  if (by !== 'api_key_id' && by !== 'workspace_id') {
    return new Map()
  }
  const { data } = await c.get('api').get<ListView<KeySummaryView | GroupView>>(path[by])
  return new Map(data.map(({ id, name }) => [id, name]))
}

/** The value of a measure in a sum of usage. */
export function measure(sums: UsageSums, by: Measure): number {
  switch (by) {
    case 'cost':
      return sums.cost
    case 'requests':
      return sums.requests
    case 'tokens':
      return sums.input + sums.cacheRead + sums.cacheWrite + sums.output
  }
}

/** The bars of a chart; what comes after the first series is one more, since colors are few. */
export function toChart({ series, starts, stepSeconds }: Usage, by: Measure): ChartData {
  const shown = series.slice(0, maxSeries)
  const rest = series.slice(maxSeries)
  const toValues = (of: readonly UsageSeries[]): number[] =>
    starts.map((_, index) =>
      of.reduce((sum, { values }) => sum + measure(values[index] ?? noUsage, by), 0),
    )
  return {
    at: starts.map((start) => Date.parse(start) / 1000),
    step: stepSeconds,
    unit: by === 'cost' ? 'usd' : 'count',
    series: [
      ...shown.map((each) => ({ name: each.name || '(none)', values: toValues([each]) })),
      ...(rest.length === 0 ? [] : [{ name: 'others', values: toValues(rest) }]),
    ],
  }
}

const maxSeries = 7

/** Comma-separated values, a row per bucket and value of the dimension that has any usage. */
export function toCsv({ by, series, starts }: Usage): string {
  const rows = starts.flatMap((start, index) =>
    series.flatMap(({ id, name, values }) => {
      const sums = values[index] ?? noUsage
      return sums.requests === 0 && sums.cost === 0
        ? []
        : [[start, id, name, ...sumNames.map((each) => String(sums[each]))]]
    }),
  )
  const head = [
    'start',
    by,
    'name',
    ...sumNames.map((name) => (name === 'cost' ? 'cost_usd' : name)),
  ]
  return [head, ...rows].map((row) => row.map(quoteCsv).join(',')).join('\r\n')
}

/** A field of CSV. Spreadsheets take a text that begins like a formula for one: a quote before it prevents that. */
function quoteCsv(text: string): string {
  const safe = /^[=+@\t\r-]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
