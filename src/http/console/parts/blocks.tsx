/** The blocks of which pages are made. */
import type { Child } from 'hono/jsx'

/** A titled part of a page. */
export function Section({
  title,
  note,
  children,
}: {
  title: string
  note?: Child
  children?: Child
}) {
  return (
    <section class="card">
      <div class="head">
        <h2>{title}</h2>
        {note !== undefined && <span class="muted small">{note}</span>}
      </div>
      {children}
    </section>
  )
}

interface TableProps {
  /** What the table shows, for screen readers. */
  caption: string
  /** A title of a column; one that begins with `#` is of numbers. */
  columns: readonly string[]
  children?: Child
}

/** A table that scrolls by itself where the page is narrow. */
export function Table({ caption, columns, children }: TableProps) {
  return (
    <div class="scroll" tabindex={0} role="region" aria-label={caption}>
      <table>
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) =>
              column.startsWith('#') ? (
                <th scope="col" class="num">
                  {column.slice(1)}
                </th>
              ) : (
                <th scope="col">{column}</th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

interface DataTableProps<Row> {
  caption: string
  rows: readonly Row[]
  /** The cell of each column by the column's title, as in {@link Table}; the first names the row. */
  columns: Readonly<Record<string, (row: Row, index: number) => Child>>
  /** Stands in place of a table without rows. */
  empty?: Child
  /** The last row, which sums up the others. */
  total?: Row | undefined
}

/** A table with a row for each piece of data. */
export function DataTable<Row>({ caption, rows, columns, empty, total }: DataTableProps<Row>) {
  const [[first, toName] = ['', () => null], ...others] = Object.entries(columns)
  return rows.length === 0 && empty !== undefined ? (
    <>{empty}</>
  ) : (
    <Table caption={caption} columns={[first, ...others.map(([title]) => title)]}>
      {[...rows, ...(total === undefined ? [] : [total])].map((row, index) => (
        <tr class={row === total ? 'total' : undefined}>
          <th scope="row">{toName(row, index)}</th>
          {others.map(([title, toCell]) => (
            <td class={title.startsWith('#') ? 'num' : undefined}>{toCell(row, index)}</td>
          ))}
        </tr>
      ))}
    </Table>
  )
}

/** What to do where there is nothing to show yet. */
export function Empty({ title, children }: { title: string; children?: Child }) {
  return (
    <div class="empty">
      <p>
        <strong>{title}</strong>
      </p>
      {children}
    </div>
  )
}

/** The note where a key may use no model. */
export function NoModels() {
  return (
    <Empty title="There is no model that your key may use.">
      <p>An operator adds models in the catalog, and allows them for your key.</p>
    </Empty>
  )
}

/** A message at the top of a page, which screen readers announce. */
export function Notice({ tone, children }: { tone: 'good' | 'warn' | 'bad'; children?: Child }) {
  return (
    <p class={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      {children}
    </p>
  )
}

/** A number that a page begins with. */
export function Stat({ label, value, note }: { label: string; value: string; note?: Child }) {
  return (
    <div class="stat">
      <dt>{label}</dt>
      <dd>
        {value}
        {note !== undefined && <small>{note}</small>}
      </dd>
    </div>
  )
}

/** A text with a button that copies it; without scripts, it can be selected. */
export function Copyable({ text, label, id }: { text: string; label: string; id?: string }) {
  return (
    <div class="copyable" data-island="copy">
      <pre tabindex={0} aria-label={label} id={id}>
        <code>{text}</code>
      </pre>
      <button type="button" class="quiet" hidden>
        Copy
      </button>
    </div>
  )
}

/** Names with their values. One that is undefined is left out. */
export function Facts({ facts }: { facts: Readonly<Record<string, Child>> }) {
  return (
    <dl class="facts">
      {Object.entries(facts).map(([name, value]) =>
        value === undefined ? null : (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ),
      )}
    </dl>
  )
}
