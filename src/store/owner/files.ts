/** The files of one owner: rows of the owner's index. The time is an argument, in epoch milliseconds. */
import type { Sql } from '../../ledger/storage/sql.ts'
import { insert, readRows, toNumber, toOptionalNumber, toText } from '../../ledger/storage/sql.ts'

/** A file of an owner. Times are epoch milliseconds. */
export interface StoredFile {
  id: string
  filename: string
  mimeType: string
  bytes: number
  createdAt: number
  /** Undefined if it does not expire. */
  expiresAt: number | undefined
}

/** The most bytes and files that an owner may store. */
export interface FileQuota {
  bytes: number
  count: number
}

/** A page of a list, the newest first. */
export interface PageQuery {
  limit: number
  /** The id after which the page begins: older ones. */
  after: string | undefined
  /** The id before which the page ends: newer ones. */
  before: string | undefined
}

/** A page of rows. */
export interface Page<Item> {
  items: Item[]
  hasMore: boolean
}

/** How long it is known that an expired file existed, to say so. */
const keptExpiredMs = 30 * 86_400_000

const columns =
  'id, filename, mime_type AS mimeType, bytes, created_at AS createdAt, expires_at AS expiresAt, gone'

/** A file as it is stored. */
interface StoredRow extends Omit<StoredFile, 'expiresAt'> {
  expiresAt: number | null
  /** 1 once its object is deleted. */
  gone: number
}

/** The table of an owner's files. */
export class FileRows {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** What all files together occupy. */
  used(): FileQuota {
    const [row] = this.#sql.all(
      'SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes FROM files WHERE gone = 0',
    )
    return { bytes: toNumber(row?.['bytes']), count: toNumber(row?.['count']) }
  }

  /** Adds a file; returns whether the quota allowed it. */
  add(file: StoredFile, quota: FileQuota): boolean {
    const used = this.used()
    if (used.count >= quota.count || used.bytes + file.bytes > quota.bytes) {
      return false
    }
    const { id, filename, mimeType, bytes, createdAt, expiresAt = null } = file
    const times = { created_at: createdAt, expires_at: expiresAt }
    insert(this.#sql, 'files', { id, filename, mime_type: mimeType, bytes, ...times, gone: 0 })
    return true
  }

  /** Finds a file; `expired` if there was one until lately. */
  find(id: string, now: number): StoredFile | 'expired' | undefined {
    const [row] = readRows<StoredRow>(this.#sql, `SELECT ${columns} FROM files WHERE id = ?`, id)
    if (row === undefined) {
      return undefined
    }
    const file = toFile(row)
    return row.gone === 1 || isExpired(file, now) ? 'expired' : file
  }

  /** The files with these ids, the newest first; unknown ones are left out. */
  findAll(ids: readonly string[], now: number): StoredFile[] {
    const rows = readRows<StoredRow>(
      this.#sql,
      `SELECT ${columns} FROM files WHERE gone = 0 AND id IN (SELECT value FROM json_each(?))
        ORDER BY seq DESC`,
      JSON.stringify(ids),
    )
    return toLive(rows, now)
  }

  list(query: PageQuery, now: number): Page<StoredFile> {
    const from = { table: 'files', columns, where: 'gone = 0' }
    const { items, hasMore } = listPage<StoredRow>(this.#sql, { ...query, ...from })
    return { items: toLive(items, now), hasMore }
  }

  /** Removes a file; returns whether there was one. */
  remove(id: string): boolean {
    return this.#sql.all('DELETE FROM files WHERE id = ? AND gone = 0 RETURNING id', id).length > 0
  }

  /** Marks files that have expired; returns their ids, whose objects are to be deleted. */
  expire(now: number): string[] {
    this.#sql.all('DELETE FROM files WHERE gone = 1 AND expires_at < ?', now - keptExpiredMs)
    return this.#sql
      .all('SELECT id FROM files WHERE gone = 0 AND expires_at <= ?', now)
      .map((row) => toText(row['id']))
  }

  /** Records that the objects of expired files are deleted. */
  expired(ids: readonly string[]): void {
    this.#sql.all(
      'UPDATE files SET gone = 1 WHERE id IN (SELECT value FROM json_each(?))',
      JSON.stringify(ids),
    )
  }

  /** When the next file expires; undefined if none does. */
  nextExpiry(): number | undefined {
    const [row] = this.#sql.all('SELECT min(expires_at) AS next FROM files WHERE gone = 0')
    return toOptionalNumber(row?.['next'])
  }
}

/** Reads a page of rows of a table with a `seq`. */
export function listPage<Row extends object>(
  sql: Sql,
  query: PageQuery & { table: string; columns: string; where: string },
): Page<Row> {
  const { table, columns: names, where, limit, after, before } = query
  const border = before ?? after
  const [known] =
    border === undefined ? [] : sql.all(`SELECT seq FROM ${table} WHERE id = ?`, border)
  const [beyond, order] = before === undefined ? ['<', 'DESC'] : ['>', 'ASC']
  const rows = readRows<Row>(
    sql,
    `SELECT ${names} FROM ${table} WHERE ${where} AND seq ${beyond} ? ORDER BY seq ${order} LIMIT ?`,
    border === undefined ? Number.MAX_SAFE_INTEGER : toNumber(known?.['seq']),
    limit + 1,
  )
  const page = rows.slice(0, limit)
  return { items: before === undefined ? page : page.toReversed(), hasMore: rows.length > limit }
}

function isExpired({ expiresAt }: StoredFile, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now
}

function toFile(row: StoredRow): StoredFile {
  const { gone: _, expiresAt, ...file } = row
  return { ...file, expiresAt: expiresAt ?? undefined }
}

/** The files of rows that have not expired. */
function toLive(rows: readonly StoredRow[], now: number): StoredFile[] {
  return rows.map(toFile).filter((file) => !isExpired(file, now))
}
