/** The files of one owner: their objects in the store, and their rows in the owner's index. */
import { GatewayError } from '../anthropic/error.ts'
import type { Storage } from '../store/bindings.ts'
import type { FileQuota, Page, PageQuery, StoredFile } from '../store/owner/files.ts'
import { toFileObject } from '../store/owner/object-names.ts'
import type { FileUpload } from './receive-file.ts'
import { quotaExceeded, receiveFile } from './receive-file.ts'

/** What a key may store, unless its limits say otherwise. */
export const defaultQuota: FileQuota = { bytes: 1_000_000_000, count: 10_000 }

/** The files of one owner, by their ids. */
export class OwnedFiles {
  readonly #storage: Storage
  readonly #owner: string

  /** `owner` is the id of a key. */
  constructor(storage: Storage, owner: string) {
    this.#storage = storage
    this.#owner = owner
  }

  /**
   * Stores the file of a form under an id. Throws what {@link receiveFile} throws; nothing is kept then.
   */
  async add(
    form: Pick<FileUpload, 'body' | 'contentType'>,
    { id, quota, now }: { id: string; quota: FileQuota; now: number },
  ): Promise<StoredFile> {
    const used = await this.#index.usedByFiles()
    if (used.count >= quota.count) {
      throw quotaExceeded()
    }
    const name = toFileObject(this.#owner, id)
    const writer = this.#storage.objects.write(name)
    try {
      const room = Math.max(0, quota.bytes - used.bytes)
      const { expiresInSeconds, ...received } = await receiveFile({ ...form, room, writer })
      await writer.end()
      const expiresAt = expiresInSeconds === undefined ? undefined : now + expiresInSeconds * 1000
      const file: StoredFile = { id, ...received, createdAt: now, expiresAt }
      if (!(await this.#index.addFile(file, quota))) {
        throw quotaExceeded()
      }
      return file
    } catch (error) {
      await writer.abort()
      await this.#storage.objects.delete([name])
      throw error
    }
  }

  list(query: PageQuery): Promise<Page<StoredFile>> {
    return this.#index.listFiles(query)
  }

  findAll(ids: readonly string[]): Promise<StoredFile[]> {
    return this.#index.findFiles(ids)
  }

  /** Finds a file. Throws a GatewayError `not_found`, also for a file of another owner. */
  async find(id: string): Promise<StoredFile> {
    const file = await this.#index.findFile(id)
    if (file === undefined) {
      throw toNotFound(id)
    }
    if (file === 'expired') {
      const message = `File ${quote(id)} has expired.`
      throw new GatewayError({ kind: 'not_found', message, code: 'file_expired' })
    }
    return file
  }

  /** Opens the content of a file that {@link find} has found. */
  async open({ id }: StoredFile): Promise<ReadableStream<Uint8Array>> {
    const body = await this.#storage.objects.get(toFileObject(this.#owner, id))
    if (body === undefined) {
      throw toNotFound(id)
    }
    return body
  }

  /** Deletes a file. Throws a GatewayError `not_found`. */
  async remove(id: string): Promise<void> {
    // First the row: a file without content must not be found.
    if (!(await this.#index.removeFile(id))) {
      throw toNotFound(id)
    }
    await this.#storage.objects.delete([toFileObject(this.#owner, id)])
  }

  get #index() {
    return this.#storage.owners.getByName(this.#owner)
  }
}

function toNotFound(id: string): GatewayError {
  return new GatewayError({ kind: 'not_found', message: `File not found: ${quote(id)}` })
}

function quote(id: string): string {
  return id.slice(0, 100)
}
