/**
 * What ledgers have counted, as metrics. Counters begin at zero with each month (UTC), which Prometheus takes as
 * a restart, so that a scrape reads a month of rows and never loses one that is deleted. Pure.
 */
import { nanoPerUsd } from '../../catalog/price.ts'
import type { MetricFamily, Sample } from '../../telemetry/prometheus.ts'
import { toBudgetWindow } from '../limits/budget-window.ts'
import type { BudgetStanding } from '../protocol.ts'
import type { Span, UsageRow } from './read-usage.ts'
import { adjustmentProvider } from './read-usage.ts'

/** Usage, and the labels that say whose it is besides model and provider. */
export interface LabeledUsage {
  labels: Readonly<Record<string, string>>
  rows: readonly UsageRow[]
}

/** The budgets of a key or group. */
export interface LabeledBudgets {
  labels: Readonly<Record<string, string>>
  budgets: readonly BudgetStanding[]
}

/** The maximal number of models with labels of their own; clients may choose the names of those that a wildcard matches. */
const maxModels = 200

const hourMs = 3_600_000

/** The span of the counters: this month, in one row of each model and provider. */
export function toMetricsSpan(now: number): Span {
  const from = (toBudgetWindow('month', now).firstDay ?? 0) * 24
  return { from, to: Math.floor(now / hourMs) + 1, hoursPerRow: 1_000_000 }
}

const counters = {
  gateway_requests_total: ['Requests to models', (row) => row.requests],
  gateway_cost_usd_total: [
    'Cost in US dollars at the prices of the catalog',
    (row) => row.cost / nanoPerUsd,
  ],
  gateway_adaptations_total: [
    'Fields that were not sent as requested by clients',
    (row) => row.adaptations,
  ],
  gateway_estimated_requests_total: ['Requests with estimated usage', (row) => row.estimated],
  gateway_web_searches_total: ['Web searches', (row) => row.webSearches],
} satisfies Record<string, [string, (row: UsageRow) => number]>

const tokenTypes: Readonly<Record<string, (row: UsageRow) => number>> = {
  input: (row) => row.input,
  output: (row) => row.output,
  cache_read: (row) => row.cacheRead,
  cache_write: (row) => row.cacheWrite,
  reasoning: (row) => row.thinking,
}

/** The counters of all usage. Corrections by operators are not in them, since a counter only grows. */
export function toUsageMetrics(usage: readonly LabeledUsage[]): MetricFamily[] {
  const kept = keptModels(usage)
  const all = usage.flatMap(({ labels, rows }) =>
    rows
      .filter(({ provider }) => provider !== adjustmentProvider)
      .map((row) => ({ row, labels: { ...toLabels(row, kept), ...labels } })),
  )
  return [
    ...Object.entries(counters).map(([name, [help, read]]) => ({
      name,
      help,
      type: 'counter' as const,
      samples: sumUp(all.map(({ row, labels }) => ({ labels, value: read(row) }))),
    })),
    {
      name: 'gateway_tokens_total',
      help: 'Tokens: input and output without cached ones, cache reads and writes, and reasoning, which is a part of output',
      type: 'counter',
      samples: sumUp(
        all.flatMap(({ row, labels }) =>
          Object.entries(tokenTypes).map(([type, read]) => ({
            labels: { ...labels, type },
            value: read(row),
          })),
        ),
      ),
    },
    {
      name: 'gateway_errors_total',
      help: 'Requests that ended with an error, by type',
      type: 'counter',
      samples: sumUp(
        all.flatMap(({ row, labels }) =>
          Object.entries(row.errorTypes).map(([type, value]) => ({
            labels: { ...labels, type },
            value,
          })),
        ),
      ),
    },
  ]
}

/** How much of each budget is used: 1 is all of it. */
export function toBudgetMetrics(all: readonly LabeledBudgets[]): MetricFamily {
  return {
    name: 'gateway_budget_used_ratio',
    help: 'Settled spend as a share of the budget',
    type: 'gauge',
    samples: all.flatMap(({ labels, budgets }) =>
      budgets.map(({ period, pattern = '', limit, spent }) => ({
        labels: { ...labels, period, models: pattern },
        value: spent / limit,
      })),
    ),
  }
}

function toLabels({ model, provider }: UsageRow, kept: ReadonlySet<string>): Sample['labels'] {
  return { model: kept.has(model) ? model : 'other', provider }
}

/** The models with the most requests. */
function keptModels(usage: readonly LabeledUsage[]): Set<string> {
  const requests = new Map<string, number>()
  for (const { rows } of usage) {
    for (const row of rows) {
      requests.set(row.model, (requests.get(row.model) ?? 0) + row.requests)
    }
  }
  const byUse = [...requests].toSorted(([, a], [, b]) => b - a)
  return new Set(byUse.slice(0, maxModels).map(([model]) => model))
}

/** One sample for each set of labels. */
function sumUp(samples: readonly Sample[]): Sample[] {
  const sums = new Map<string, Sample>()
  for (const { labels, value } of samples) {
    const name = JSON.stringify(labels)
    sums.set(name, { labels, value: (sums.get(name)?.value ?? 0) + value })
  }
  return [...sums.values()]
}
