/** The batches of one owner: rows of the owner's index. Each batch itself is an object of its own. */
import type { Sql } from '../../ledger/storage/sql.ts'
import { insert, toNumber, toText } from '../../ledger/storage/sql.ts'
import type { Page, PageQuery } from './files.ts'
import { listPage } from './files.ts'

/** Limits of a key or group on its batches; undefined for none. */
export interface BatchLimits {
  /** Requests of all batches that are created within a day, in UTC. */
  itemsPerDay: number | undefined
  /** Requests of all batches that have not ended. */
  inFlight: number | undefined
}

/** A batch to admit. Times are epoch milliseconds. */
export interface NewBatch {
  id: string
  items: number
  /** Epoch milliseconds. */
  createdAt: number
  /** The client's `idempotency-key`. */
  idempotencyKey: string | undefined
}

/** What became of a new batch; `known`: the id of an earlier one with the same idempotency key. */
export type BatchAdmission =
  | 'admitted'
  | { known: string }
  | { refused: keyof BatchLimits; limit: number; used: number }

const dayMs = 86_400_000

/** A batch in a list. `ended`: what was known when it ended, as JSON; undefined while it runs. */
export interface ListedBatch {
  id: string
  createdAt: number
  ended: string | undefined
}

/** The table of an owner's batches. */
export class BatchRows {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Adds a batch, or returns why not; in one step, so that two requests at once do not both pass. */
  admit(batch: NewBatch, limits: BatchLimits): BatchAdmission {
    const { id, items, createdAt, idempotencyKey } = batch
    const known =
      idempotencyKey === undefined ? undefined : this.findByIdempotencyKey(idempotencyKey)
    if (known !== undefined) {
      return { known }
    }
    const used = {
      itemsPerDay: this.#sum('created_at >= ?', createdAt - (createdAt % dayMs)),
      inFlight: this.#sum('ended IS NULL AND created_at > ?', 0),
    }
    for (const name of ['itemsPerDay', 'inFlight'] as const) {
      const limit = limits[name]
      if (limit !== undefined && used[name] + items > limit) {
        return { refused: name, limit, used: used[name] }
      }
    }
    const row = { id, items, created_at: createdAt, idempotency_key: idempotencyKey ?? null }
    insert(this.#sql, 'batches', row)
    return 'admitted'
  }

  findByIdempotencyKey(key: string): string | undefined {
    const [row] = this.#sql.all('SELECT id FROM batches WHERE idempotency_key = ?', key)
    return row && toText(row['id'])
  }

  /** Stores what is known of a batch that has ended; again when its results are gone. */
  end(id: string, ended: string): void {
    this.#sql.all('UPDATE batches SET ended = ? WHERE id = ?', ended, id)
  }

  list(query: PageQuery): Page<ListedBatch> {
    const columns = 'id, created_at AS createdAt, ended'
    const from = { table: 'batches', columns, where: 'hidden = 0' }
    const { items, hasMore } = listPage<StoredBatch>(this.#sql, { ...query, ...from })
    return { items: items.map((row) => ({ ...row, ended: row.ended ?? undefined })), hasMore }
  }

  /** Hides a batch, whose requests still count against the limit of its day. */
  remove(id: string, now: number): void {
    this.#sql.all('UPDATE batches SET hidden = 1, idempotency_key = NULL WHERE id = ?', id)
    this.#sql.all('DELETE FROM batches WHERE hidden = 1 AND created_at < ?', now - (now % dayMs))
  }

  /** Takes back a batch that was admitted and could not be created. */
  cancel(id: string): void {
    this.#sql.all('DELETE FROM batches WHERE id = ?', id)
  }

  #sum(where: string, value: number): number {
    const [row] = this.#sql.all(
      `SELECT coalesce(sum(items), 0) AS items FROM batches WHERE ${where}`,
      value,
    )
    return toNumber(row?.['items'])
  }
}

/** A batch as it is stored. */
type StoredBatch = Omit<ListedBatch, 'ended'> & { ended: string | null }
