/** Formats usage, summed by one or more dimensions, as a table, CSV or JSON. */
import { toDecimal } from '../../ledger/usage/report.ts'
import { toCsvLine } from '../keys/csv.ts'
import { printableJson } from '../platform/printable.ts'
import { toTable } from '../platform/table.ts'
import type { Dimension } from './dimensions.ts'
import type { DayUsage, Usage } from './usage-source.ts'

const columns = [
  'requests',
  'input',
  'output',
  'cacheRead',
  'cacheWrite',
  'thinking',
  'cost',
  'errors',
  'estimated',
] as const satisfies readonly (keyof DayUsage)[]

type Amount = (typeof columns)[number]

/** The titles of columns that are not named as their amount is. */
const titles: Partial<Record<Amount, string>> = {
  cacheRead: 'cache read',
  cacheWrite: 'cache write',
  cost: 'cost USD',
}

function toTitle(column: Amount): string {
  return titles[column] ?? column
}

/** What is known of sessions; their input includes what was cached. */
const sessionColumns: readonly Amount[] = ['requests', 'input', 'output', 'cost']

/** The amounts of rows that agree in all dimensions. */
interface Sum {
  row: DayUsage
  sums: Record<Amount, number>
}

/** Formats a table with a line for each combination of values and a total. */
export function toUsageTable(usage: Usage, by: readonly Dimension[]): string {
  const shown = toColumns(by)
  const lines = toLines(usage, by)
  const total = add(usage.rows)
  const heads = toHeads(by)
  const head = [...heads, ...shown.map(toTitle)]
  const last = [
    'total',
    ...heads.slice(1).fill(''),
    ...shown.map((column) => format(column, total)),
  ]
  return toTable(head, [...lines, last])
}

/** Formats CSV with a line for each combination of values, without a total. */
export function toUsageCsv(usage: Usage, by: readonly Dimension[]): string {
  const shown = toColumns(by)
  const head = [...toHeads(by), ...shown.map((column) => toTitle(column).replace(' ', '_'))]
  return [head, ...toLines(usage, by)].map(toCsvLine).join('\n')
}

function toLines(usage: Usage, by: readonly Dimension[]): string[][] {
  return addUp(usage.rows, by).map(({ row, sums }) => [
    ...toLabels(usage, by, row).map(({ text }) => (text === '' ? '-' : text)),
    ...toColumns(by).map((column) => format(column, sums)),
  ])
}

/**
 * Formats a JSON array with an object for each combination of values: counts are numbers, and
 * `cost_usd` is a decimal in a string, since parsers would round a number.
 */
export function toUsageJson(usage: Usage, by: readonly Dimension[]): string {
  const lines = addUp(usage.rows, by).map(({ row, sums: { cost, ...counts } }) => ({
    ...Object.fromEntries(toLabels(usage, by, row).map(({ head, value }) => [head, value])),
    requests: counts.requests,
    input_tokens: counts.input,
    output_tokens: counts.output,
    ...(by.includes('session')
      ? {}
      : {
          cache_read_tokens: counts.cacheRead,
          cache_write_tokens: counts.cacheWrite,
          thinking_tokens: counts.thinking,
        }),
    cost_usd: toDecimal(cost, 9),
    ...(by.includes('session') ? {} : { errors: counts.errors, estimated: counts.estimated }),
  }))
  return printableJson(lines)
}

function toColumns(by: readonly Dimension[]): readonly Amount[] {
  return by.includes('session') ? sessionColumns : columns
}

function addUp(rows: readonly DayUsage[], by: readonly Dimension[]): Sum[] {
  const nameOf = (row: DayUsage): string =>
    JSON.stringify(
      by.map((dimension) => [row[fields[dimension]], dimension === 'session' && row.agent]),
    )
  return [...Map.groupBy(rows, nameOf)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [row, ...others]]) =>
      row === undefined ? [] : [{ row, sums: add([row, ...others]) }],
    )
}

/** The field of a row that is a dimension's value. */
const fields = {
  key: 'keyId',
  group: 'group',
  model: 'model',
  provider: 'provider',
  day: 'day',
  session: 'session',
} as const satisfies Record<Dimension, keyof DayUsage>

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

/** Columns of a dimension: its value, and what explains it. */
const heads: Readonly<Record<Dimension, readonly string[]>> = {
  key: ['key', 'name'],
  group: ['group', 'group_name'],
  model: ['model'],
  provider: ['provider'],
  day: ['day'],
  session: ['session', 'agent'],
}

function toHeads(by: readonly Dimension[]): string[] {
  return by.flatMap((dimension) => heads[dimension])
}

interface Label {
  head: string
  text: string
  /** The row in JSON, where an unknown name is null. */
  value: string | null
}

function toLabels(usage: Usage, by: readonly Dimension[], row: DayUsage): Label[] {
  return by.flatMap((dimension) => {
    const value = row[fields[dimension]]
    const [head = '', second] = heads[dimension]
    const label = { head, text: value, value }
    return second === undefined
      ? [label]
      : [label, { head: second, ...explain(usage, dimension, row) }]
  })
}

/** The name of a key or group, or the agent of a session. */
function explain(
  { names, groups }: Usage,
  dimension: Dimension,
  { keyId, group, agent }: DayUsage,
): Pick<Label, 'text' | 'value'> {
  if (dimension === 'session') {
    return { text: agent, value: agent === '' ? null : agent }
  }
  const [id, known] = dimension === 'key' ? [keyId, names] : [group, groups]
  const name = known.get(id)
  return { text: name ?? (id === '' ? '' : '?'), value: name ?? null }
}

function format(column: Amount, sums: Readonly<Record<Amount, number>>): string {
  return column === 'cost' ? toDecimal(sums.cost, 9) : String(sums[column])
}
