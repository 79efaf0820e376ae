import { expect, test } from 'vitest'

import { toBudgetMetrics, toMetricsSpan, toUsageMetrics } from '../../src/ledger/usage/metrics.ts'
import type { UsageRow } from '../../src/ledger/usage/read-usage.ts'
import { renderMetrics } from '../../src/telemetry/prometheus.ts'
import { noon } from './entries.ts'

const row: UsageRow = {
  hour: 0,
  model: 'm',
  provider: 'p',
  group: '',
  requests: 2,
  input: 10,
  output: 5,
  cacheRead: 3,
  cacheWrite: 1,
  cacheWrite1h: 0,
  webSearches: 0,
  thinking: 4,
  cost: 5e8,
  errors: 1,
  adaptations: 7,
  estimated: 0,
  errorTypes: { api_error: 1 },
}

const lines = (text: string): string[] =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))

test('usage of all keys is summed up by model and provider', () => {
  const usage = [
    { labels: {}, rows: [row] },
    { labels: {}, rows: [row, { ...row, model: 'n' }] },
  ]
  const text = renderMetrics(toUsageMetrics(usage))
  expect(lines(text)).toEqual(
    expect.arrayContaining([
      'gateway_requests_total{model="m",provider="p"} 4',
      'gateway_requests_total{model="n",provider="p"} 2',
      'gateway_cost_usd_total{model="m",provider="p"} 1',
      'gateway_tokens_total{model="m",provider="p",type="cache_read"} 6',
      'gateway_errors_total{model="m",provider="p",type="api_error"} 2',
    ]),
  )
  expect(text).toContain('# TYPE gateway_tokens_total counter\n')
})

test('corrections of an operator are in no counter, since a counter never falls', () => {
  const rows = [row, { ...row, provider: 'adjustment', requests: 0, cost: -4e8 }]
  const text = renderMetrics(toUsageMetrics([{ labels: { key: 'a' }, rows }]))
  expect(lines(text)).toContain('gateway_cost_usd_total{model="m",provider="p",key="a"} 0.5')
  expect(text).not.toContain('adjustment')
})

test('models beyond the 200 that are used most are one', () => {
  const rows = Array.from({ length: 500 }, (_, index) => ({
    ...row,
    model: `m${index}`,
    requests: index + 1,
  }))
  const samples = lines(renderMetrics(toUsageMetrics([{ labels: {}, rows }]))).filter((line) =>
    line.startsWith('gateway_requests_total'),
  )
  expect(samples).toHaveLength(201)
  const others = (300 * 301) / 2
  expect(samples).toContain(`gateway_requests_total{model="other",provider="p"} ${others}`)
})

test('budgets are shares, and labels are escaped', () => {
  const budget = {
    period: 'day' as const,
    pattern: 'a"b\\c',
    limit: 4e9,
    spent: 1e9,
    held: 0,
    resetsAt: null,
  }
  expect(
    lines(renderMetrics([toBudgetMetrics([{ labels: { key: 'k' }, budgets: [budget] }])])),
  ).toEqual([String.raw`gateway_budget_used_ratio{key="k",period="day",models="a\"b\\c"} 0.25`])
})

test('counters begin with the month', () => {
  const { from, to } = toMetricsSpan(noon)
  expect([
    new Date(from * 3_600_000).toISOString(),
    new Date(to * 3_600_000).toISOString(),
  ]).toEqual(['2026-11-01T00:00:00.000Z', '2026-11-25T13:00:00.000Z'])
})
