/** The ring of the latest lines, in the object's database. */
import type { Sql, SqlRow } from '../ledger/storage/sql.ts'
import { toNumber, toText } from '../ledger/storage/sql.ts'
import type { LineFilter, StoredLine } from './line.ts'
import { keptLines, liveLine, passes } from './line.ts'

/** The table of the latest log lines. */
export class LineTable {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
    sql.all(
      'CREATE TABLE IF NOT EXISTS lines (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, line TEXT NOT NULL)',
    )
  }

  /** Adds lines, and deletes the oldest. Returns the id of the line before them. */
  append(lines: readonly { at: number; text: string }[]): number {
    return this.#sql.atomically(() => {
      const added = lines.flatMap(({ at, text }) =>
        this.#sql.all('INSERT INTO lines (at, line) VALUES (?, ?) RETURNING id', at, text),
      )
      const last = toNumber(added.at(-1)?.['id'])
      this.#sql.all('DELETE FROM lines WHERE id <= ?', last - keptLines)
      return last - added.length
    })
  }

  /** The latest lines that pass a filter, the latest first. */
  list(filter: LineFilter, limit: number): StoredLine[] {
    return this.#sql
      .all('SELECT * FROM lines WHERE id > ? ORDER BY id DESC', filter.after ?? 0)
      .flatMap(toStored)
      .filter((line) => passes(line, filter))
      .slice(0, limit)
  }
}

function toStored(row: SqlRow): StoredLine[] {
  const line = liveLine.safeParse(JSON.parse(toText(row['line']))).data
  return line === undefined ? [] : [{ id: toNumber(row['id']), at: toNumber(row['at']), line }]
}
