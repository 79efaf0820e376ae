/** A request of the live log, as a row of a table. */
import type { LiveLine } from '../../../live-log/line.ts'
import type { RequestLineView } from '../views.ts'
import { Table } from './blocks.tsx'
import { formatCount, formatUsd, Time } from './format.tsx'

const columns = [
  'Time',
  'Key',
  'Model asked',
  'Served by',
  'Status',
  '#First ms',
  '#Total ms',
  '#Tokens',
  '#Cost',
  'What happened',
]

/** The table of requests in the live log. */
export function RequestTable({
  rows,
  names,
}: {
  rows: readonly RequestLineView[]
  names: ReadonlyMap<string, string>
}) {
  return (
    <Table caption="Requests" columns={columns}>
      {rows.map((row) => (
        <RequestRow row={row} names={names} />
      ))}
    </Table>
  )
}

function RequestRow({
  row: { at, line },
  names,
}: {
  row: RequestLineView
  names: ReadonlyMap<string, string>
}) {
  const tokens =
    numberOf(line, 'gen_ai.usage.input_tokens') + numberOf(line, 'gen_ai.usage.output_tokens')
  return (
    <tr>
      <td>
        <Time at={at} />
      </td>
      <td>{names.get(line.keyId ?? '') ?? line.keyId}</td>
      <th scope="row">
        <code>{textOf(line, 'gen_ai.request.model')}</code>
      </th>
      <td>{line.target === undefined ? '' : <code>{line.target}</code>}</td>
      <td>
        <span class={`badge ${line.status < 400 ? 'good' : 'bad'}`}>{line.status}</span>
      </td>
      <td class="num">{line.contentMs ?? ''}</td>
      <td class="num">{formatCount(line.ms)}</td>
      <td class="num">{tokens === 0 ? '' : formatCount(tokens)}</td>
      <td class="num">{line.costUsd === undefined ? '' : formatUsd(line.costUsd)}</td>
      <td>
        <Chips line={line} />
        <details>
          <summary>Line</summary>
          <pre tabindex={0} aria-label="Log line">
            <code>{JSON.stringify(line, null, 2)}</code>
          </pre>
        </details>
      </td>
    </tr>
  )
}

/** Attempts that failed, adaptations, and the error. */
function Chips({ line }: { line: LiveLine }) {
  const error = textOf(line, 'error.type')
  const failed = (line.attempts ?? []).filter((attempt) => attempt.failed !== undefined)
  const adaptations = (line.adaptations ?? []).filter(({ action }) => action !== 'ignore')
  return (
    <span class="chips">
      {failed.map((attempt) => (
        <span class="badge warn">
          {attempt.target} failed: {attempt.failed}
        </span>
      ))}
      {adaptations.map(({ field, action, value }) => (
        <span class="badge">
          {field} {action === 'map' ? `→ ${value}` : 'dropped'}
        </span>
      ))}
      {error !== '' && <span class="badge bad">{error}</span>}
    </span>
  )
}

function textOf(line: LiveLine, name: string): string {
  const value: unknown = line[name]
  return typeof value === 'string' ? value : ''
}

function numberOf(line: LiveLine, name: string): number {
  const value: unknown = line[name]
  return typeof value === 'number' ? value : 0
}
