/** Formats usage, summed by one dimension, as a table or CSV. */
import { toDecimal } from '../../ledger/usage/report.ts'
import { printableJson } from '../platform/printable.ts'
import { toTable } from '../platform/table.ts'
import type { DayUsage, Usage } from './usage-source.ts'

export const dimensions = ['key', 'model', 'provider', 'day'] as const
export type Dimension = (typeof dimensions)[number]

const amounts = {
  requests: 'requests',
  input: 'input',
  output: 'output',
  cacheRead: 'cache read',
  cacheWrite: 'cache write',
  thinking: 'thinking',
  cost: 'cost USD',
  errors: 'errors',
  estimated: 'estimated',
} as const satisfies Partial<Record<keyof DayUsage, string>>

type Amount = keyof typeof amounts

const columns: readonly Amount[] = [
  'requests',
  'input',
  'output',
  'cacheRead',
  'cacheWrite',
  'thinking',
  'cost',
  'errors',
  'estimated',
]

/** Formats a table with a line for each value of the dimension and a total. */
export function toUsageTable({ rows, names }: Usage, by: Dimension): string {
  const lines = addUp(rows, by).map(([name, sums]) => [
    ...label(by, name, names),
    ...columns.map((column) => format(column, sums)),
  ])
  const total = add(rows)
  const head = [...labels(by), ...columns.map((column) => amounts[column])]
  const last = [
    'total',
    ...labels(by).slice(1).fill(''),
    ...columns.map((column) => format(column, total)),
  ]
  return toTable(head, [...lines, last])
}

/** Formats CSV with a line for each value of the dimension, without a total. */
export function toUsageCsv({ rows, names }: Usage, by: Dimension): string {
  const head = [...labels(by), ...columns.map((column) => amounts[column].replace(' ', '_'))]
  const lines = addUp(rows, by).map(([name, sums]) => [
    ...label(by, name, names),
    ...columns.map((column) => format(column, sums)),
  ])
  return [head, ...lines].map((cells) => cells.map(quote).join(',')).join('\n')
}

/**
 * Formats a JSON array with an object for each value of the dimension: counts are numbers, and
 * `cost_usd` is a decimal string, since parsers would round a number.
 */
export function toUsageJson({ rows, names }: Usage, by: Dimension): string {
  const lines = addUp(rows, by).map(([name, { cost, ...counts }]) => ({
    [by]: name,
    ...(by === 'key' ? { name: names.get(name) ?? null } : {}),
    requests: counts.requests,
    input_tokens: counts.input,
    output_tokens: counts.output,
    cache_read_tokens: counts.cacheRead,
    cache_write_tokens: counts.cacheWrite,
    thinking_tokens: counts.thinking,
    cost_usd: toDecimal(cost, 9),
    errors: counts.errors,
    estimated: counts.estimated,
  }))
  return printableJson(lines)
}

function addUp(rows: readonly DayUsage[], by: Dimension): [string, Record<Amount, number>][] {
  const groups = Map.groupBy(rows, (row) => (by === 'key' ? row.keyId : row[by]))
  return [...groups]
    .map(([name, group]): [string, Record<Amount, number>] => [name, add(group)])
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
}

function add(rows: readonly DayUsage[]): Record<Amount, number> {
  const sum = (amount: Amount): number => rows.reduce((total, row) => total + row[amount], 0)
  return {
    requests: sum('requests'),
    input: sum('input'),
    output: sum('output'),
    cacheRead: sum('cacheRead'),
    cacheWrite: sum('cacheWrite'),
    thinking: sum('thinking'),
    cost: sum('cost'),
    errors: sum('errors'),
    estimated: sum('estimated'),
  }
}

function labels(by: Dimension): string[] {
  return by === 'key' ? ['key', 'name'] : [by]
}

function label(by: Dimension, name: string, names: ReadonlyMap<string, string>): string[] {
  return by === 'key' ? [name, names.get(name) ?? '?'] : [name === '' ? '-' : name]
}

function format(column: Amount, sums: Readonly<Record<Amount, number>>): string {
  return column === 'cost' ? toDecimal(sums.cost, 9) : String(sums[column])
}

/** Quotes a cell by RFC 4180; a name that a spreadsheet would take for a formula gets a leading quote. */
function quote(text: string): string {
  const safe = /^[=+\-@]./.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
