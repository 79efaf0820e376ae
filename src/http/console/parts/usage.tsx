/** A report as a chart with its tables. */
import { DataTable, Empty, Stat, Table } from './blocks.tsx'
import { formatCount, formatUsd } from './format.tsx'
import type { Measure, Usage, UsageSums } from './usage-data.ts'
import { measure, toChart } from './usage-data.ts'

export { readUsage } from './usage-data.ts'

const dimensionNames: Record<Usage['by'], string> = {
  model: 'Model',
  provider: 'Provider',
  api_key_id: 'Key',
  workspace_id: 'Group',
}

const measureNames: Record<Measure, string> = {
  cost: 'Cost',
  tokens: 'Tokens',
  requests: 'Requests',
}

/** A chart of usage with its tables. */
export function UsageView({ usage, measure: by }: { usage: Usage; measure: Measure }) {
  if (usage.series.length === 0) {
    return (
      <Empty title="Nothing was used in this time.">
        <p>
          <a href="/console/connect">Connect a client</a>, and its requests appear here.
        </p>
      </Empty>
    )
  }
  const name = dimensionNames[usage.by]
  return (
    <>
      <figure class="chart" data-island="chart" data-chart={JSON.stringify(toChart(usage, by))}>
        <figcaption class="hidden">
          {measureNames[by]} by {name.toLowerCase()}, as in the tables below
        </figcaption>
      </figure>
      <DataTable
        caption={`Usage by ${name.toLowerCase()}`}
        rows={usage.series.map((each) => ({ name: each.name || '(none)', total: each.total }))}
        total={usage.series.length > 1 ? { name: 'Total', total: usage.total } : undefined}
        columns={{
          [name]: (row) => row.name,
          '#Requests': ({ total }) => formatCount(total.requests),
          '#Input': ({ total }) => formatCount(total.input),
          '#Cache read': ({ total }) => formatCount(total.cacheRead),
          '#Cache write': ({ total }) => formatCount(total.cacheWrite),
          '#Output': ({ total }) => formatCount(total.output),
          '#Errors': ({ total }) => formatCount(total.errors),
          '#Cost': ({ total }) => formatUsd(total.cost),
        }}
      />
      <details>
        <summary>{measureNames[by]} by time</summary>
        <TimeTable usage={usage} by={by} />
      </details>
    </>
  )
}

function TimeTable({ usage, by }: { usage: Usage; by: Measure }) {
  const format = by === 'cost' ? formatUsd : formatCount
  const shown = usage.series.slice(0, 7)
  const length = usage.stepSeconds < 86_400 ? 16 : 10
  return (
    <Table
      caption={`${measureNames[by]} by time`}
      columns={['Start (UTC)', ...shown.map(({ name }) => `#${name || '(none)'}`)]}
    >
      {usage.starts.map((start, index) => (
        <tr>
          <th scope="row">{start.slice(0, length).replace('T', ' ')}</th>
          {shown.map(({ values, total }) => (
            <td class="num">{format(measure(values[index] ?? total, by))}</td>
          ))}
        </tr>
      ))}
    </Table>
  )
}

interface TotalsProps {
  total: UsageSums
  /** The title of the cost. */
  title: string
  /** Dollars that caching has saved. */
  saved?: number | undefined
}

/** The sums of a usage, at the beginning of a page. */
export function Totals({ total, title, saved = 0 }: TotalsProps) {
  const prompt = total.input + total.cacheRead + total.cacheWrite
  return (
    <dl class="stats">
      <Stat label={title} value={formatUsd(total.cost)} />
      <Stat label="Requests" value={formatCount(total.requests)} />
      <Stat label="Tokens" value={formatCount(prompt + total.output)} />
      <Stat
        label="Cached input"
        value={prompt === 0 ? '–' : `${Math.round((total.cacheRead / prompt) * 100)} %`}
        note={saved > 0 ? `saved about ${formatUsd(saved)}` : undefined}
      />
      <Stat label="Errors" value={formatCount(total.errors)} />
    </dl>
  )
}
