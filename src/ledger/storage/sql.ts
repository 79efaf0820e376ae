/** The interface of an object's SQLite database, such as that of a ledger. */

/** A value that a statement binds or returns. */
export type SqlValue = string | number | null

/** A row of a result, by column. */
export type SqlRow = Record<string, SqlValue>

/** A Durable Object's storage, or Node's own SQLite. */
export interface Sql {
  /** Runs one statement; returns its rows. */
  all: (statement: string, ...values: SqlValue[]) => SqlRow[]
  /** Runs `work` in a transaction, which must not be nested. */
  atomically: <Value>(work: () => Value) => Value
}

/** The database of a Durable Object. */
export function toSql(storage: Pick<DurableObjectStorage, 'sql' | 'transactionSync'>): Sql {
  return {
    all: (statement, ...values) => storage.sql.exec<SqlRow>(statement, ...values).toArray(),
    atomically: (work) => storage.transactionSync(work),
  }
}

/**
 * Inserts a row, its values by the names of the columns. `onConflict`: what is done where its key exists
 * (`NOTHING`, `UPDATE SET …`); without it that is an error.
 */
export function insert({ all }: Sql, table: string, row: SqlRow, onConflict?: string): void {
  const columns = Object.keys(row)
  const values = columns.map(() => '?')
  const otherwise = onConflict === undefined ? '' : ` ON CONFLICT DO ${onConflict}`
  all(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})${otherwise}`,
    ...Object.values(row),
  )
}

/** Adds amounts to the row with a key, which is inserted if there is none. */
export function addTo(
  sql: Sql,
  table: string,
  key: SqlRow,
  amounts: Readonly<Record<string, number>>,
): void {
  insert(sql, table, { ...key, ...amounts }, `UPDATE SET ${toSums(amounts)}`)
}

/** Returns the assignments by which inserted amounts are added to those of an existing row. */
export function toSums(amounts: object): string {
  const sums = Object.keys(amounts).map((name) => `${name} = ${name} + excluded.${name}`)
  return sums.join(', ')
}

/** Reads rows whose columns are named after the fields of `Row`; the schema gives them their types. */
export function readRows<Row extends object>(
  { all }: Sql,
  query: string,
  ...values: SqlValue[]
): Row[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the query and the schema say so
  return all(query, ...values) as Row[]
}

/** Counts rows. `rows`: a table, or `table WHERE …`. */
export function countRows({ all }: Sql, rows: string, ...values: SqlValue[]): number {
  return toNumber(all(`SELECT count(*) AS count FROM ${rows}`, ...values)[0]?.['count'])
}

/** Returns the value of a column that is a number. */
export function toNumber(value: SqlValue | undefined): number {
  return typeof value === 'number' ? value : 0
}

/** Returns the value of a column that is a number, or null for none. */
export function toOptionalNumber(value: SqlValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/** Returns the value of a column that is text. */
export function toText(value: SqlValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
