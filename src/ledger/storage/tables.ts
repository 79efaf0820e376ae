/** What a ledger has counted, as rows that another ledger can take over. Requests in flight are not among it. */
import { InvalidChange } from '../../keys/limits-patch.ts'
import type { Sql, SqlValue } from './sql.ts'

/** Rows of one table. */
export interface TableRows {
  table: string
  columns: string[]
  rows: SqlValue[][]
}

/** Columns that identify a row, that stay as they are, and that only grow. */
interface Table {
  key: readonly string[]
  fixed: readonly string[]
  growing: readonly string[]
}

const tables: Readonly<Record<string, Table>> = {
  usage: {
    key: ['hour', 'model', 'provider'],
    fixed: [],
    growing: [
      'requests',
      'input',
      'output',
      'cache_read',
      'cache_write',
      'cache_write_1h',
      'web_searches',
      'thinking',
      'cost',
      'errors',
      'adaptations',
      'estimated',
    ],
  },
  errors: { key: ['hour', 'model', 'provider', 'type'], fixed: [], growing: ['count'] },
  spend_by_scope: { key: ['scope', 'day'], fixed: [], growing: ['cost'] },
  sessions: {
    key: ['session', 'agent'],
    fixed: ['first_at'],
    growing: ['last_at', 'requests', 'input', 'output', 'cost'],
  },
  secrets: { key: ['last_four'], fixed: [], growing: ['last_used'] },
  memberships: { key: ['hour'], fixed: ['group_id'], growing: [] },
  adjustments: {
    key: ['id'],
    fixed: ['at', 'cost', 'why', 'actor', 'model', 'key'],
    growing: [],
  },
}

/** The columns of a table in an export, in their order; none for an unknown table. */
export function columnsOf(table: string): string[] {
  const { key = [], fixed = [], growing = [] } = tables[table] ?? {}
  return [...key, ...fixed, ...growing]
}

/** Rows of one line of an export, so that a line stays small. */
const rowsPerPart = 500

/** Reads all tables, in parts. */
export function exportTables({ all }: Sql): TableRows[] {
  return Object.entries(tables).flatMap(([table, { key }]) => {
    const columns = columnsOf(table)
    const rows = all(`SELECT ${columns.join(', ')} FROM ${table} ORDER BY ${key.join(', ')}`).map(
      (row) => columns.map((column) => row[column] ?? null),
    )
    const parts: TableRows[] = []
    for (let at = 0; at < rows.length; at += rowsPerPart) {
      parts.push({ table, columns, rows: rows.slice(at, at + rowsPerPart) })
    }
    return parts
  })
}

/**
 * Adds rows. For an existing row the higher number wins, so that an import can be repeated, also
 * with a newer export of the same ledger. All or nothing. The rows have passed {@link checkRows}.
 */
export function importTables(sql: Sql, parts: readonly TableRows[]): void {
  sql.atomically(() => {
    for (const { table, columns, rows } of parts) {
      const statement = toInsert(table, columns)
      rows.forEach((row) => sql.all(statement, ...row))
    }
  })
}

/** Throws an {@link InvalidChange} for rows that no table of a ledger can take. */
export function checkRows({ table: name, columns, rows }: TableRows): void {
  const table = findTable(name)
  const known = [...table.key, ...table.fixed, ...table.growing]
  if (known.join() !== columns.join() || rows.some((row) => row.length !== known.length)) {
    throw new InvalidChange(`The columns of ${name} are ${known.join(', ')}.`)
  }
}

function findTable(name: string): Table {
  const table = Object.hasOwn(tables, name) ? tables[name] : undefined
  if (table === undefined) {
    throw new InvalidChange(`There is no table ${name} in a ledger.`)
  }
  return table
}

function toInsert(name: string, columns: readonly string[]): string {
  const table = findTable(name)
  const sets = columns
    .filter((column) => table.growing.includes(column))
    .map((column) => `${column} = max(${column}, excluded.${column})`)
  const update = sets.length === 0 ? 'NOTHING' : `UPDATE SET ${sets.join(', ')}`
  const values = columns.map(() => '?').join(', ')
  return `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${values}) ON CONFLICT DO ${update}`
}
