/**
 * The Durable Object with what one key owns, found by the key's id: its files, and the list of its batches. A
 * group has one for the limits that its keys share (`group:<id>`).
 */
import { DurableObject } from 'cloudflare:workers'

import { exchangeFact, readFact } from '../ledger/storage/facts.ts'
import { migrate } from '../ledger/storage/migrate.ts'
import { toSql } from '../ledger/storage/sql.ts'
import type { Sql } from '../ledger/storage/sql.ts'
import type { BatchAdmission, BatchLimits, ListedBatch, NewBatch } from './owner/batches.ts'
import { BatchRows } from './owner/batches.ts'
import type { FileQuota, Page, PageQuery, StoredFile } from './owner/files.ts'
import { FileRows } from './owner/files.ts'
import { toFileObject } from './owner/object-names.ts'
import { ownerSchema } from './owner/schema.ts'

/** All methods are called by RPC. */
export class OwnerIndexObject extends DurableObject<Env> {
  readonly #sql: Sql
  readonly #files: FileRows
  readonly #batches: BatchRows

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#sql = toSql(ctx.storage)
    migrate(this.#sql, ownerSchema)
    this.#files = new FileRows(this.#sql)
    this.#batches = new BatchRows(this.#sql)
    const { name } = ctx.id
    if (name !== undefined) {
      // An alarm does not know it.
      exchangeFact(this.#sql, 'owner', name)
    }
  }

  usedByFiles(): FileQuota {
    return this.#files.used()
  }

  /** Adds a file whose object is written; returns whether the quota allows it. */
  async addFile(file: StoredFile, quota: FileQuota): Promise<boolean> {
    const isAdded = this.#files.add(file, quota)
    if (isAdded && file.expiresAt !== undefined) {
      await this.#setAlarm()
    }
    return isAdded
  }

  findFile(id: string): StoredFile | 'expired' | undefined {
    return this.#files.find(id, Date.now())
  }

  findFiles(ids: readonly string[]): StoredFile[] {
    return this.#files.findAll(ids, Date.now())
  }

  listFiles(query: PageQuery): Page<StoredFile> {
    return this.#files.list(query, Date.now())
  }

  removeFile(id: string): boolean {
    return this.#files.remove(id)
  }

  admitBatch(batch: NewBatch, limits: BatchLimits): BatchAdmission {
    return this.#batches.admit(batch, limits)
  }

  findBatch(idempotencyKey: string): string | undefined {
    return this.#batches.findByIdempotencyKey(idempotencyKey)
  }

  endBatch(id: string, ended: string): void {
    this.#batches.end(id, ended)
  }

  listBatches(query: PageQuery): Page<ListedBatch> {
    return this.#batches.list(query)
  }

  removeBatch(id: string): void {
    this.#batches.remove(id, Date.now())
  }

  cancelBatch(id: string): void {
    this.#batches.cancel(id)
  }

  /** Deletes the objects of files that have expired. */
  override async alarm(): Promise<void> {
    const ids = this.#files.expire(Date.now())
    const owner = readFact(this.#sql, 'owner')
    const { openStore } = await import('./open-store.ts')
    const store = await openStore(this.env)
    if (ids.length > 0 && owner !== undefined && store !== undefined) {
      await store.delete(ids.map((id) => toFileObject(owner, id)))
      this.#files.expired(ids)
    }
    await this.#setAlarm()
  }

  async #setAlarm(): Promise<void> {
    const next = this.#files.nextExpiry()
    if (next !== undefined) {
      await this.ctx.storage.setAlarm(Math.max(next, Date.now() + 1000))
    }
  }
}
