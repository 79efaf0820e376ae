/**
 * Stores the requests of a new batch as they come: some at a time in objects of lines, each of which is a slice.
 * Nothing of the batch is visible before all of it is stored.
 */
import { GatewayError, invalidRequest } from '../../anthropic/error.ts'
import { asString } from '../../anthropic/json.ts'
import { concatenate } from '../../platform/bytes.ts'
import type { ObjectStore } from '../../store/object-store.ts'
import { toInputPrefix } from '../../store/owner/object-names.ts'
import type { NewSlice } from '../protocol.ts'
import { readItem, toLine } from '../read-item.ts'
import { RequestSplitter } from './split-requests.ts'

/** Anthropic's limits of a batch (https://docs.claude.com/en/docs/build-with-claude/batch-processing). */
export const maxBatch = { items: 100_000, bytes: 256 * 1024 * 1024 }

/** A slice is full at either. */
const maxSlice = { items: 64, bytes: 4 * 1024 * 1024 }

/** Objects that are written at once, while more of the body is read. */
const maxWrites = 4

/** What was stored of a new batch: its slices, the number of requests, and their bytes by model. */
export interface StoredRequests {
  slices: NewSlice[]
  items: number
  /** Bytes of all items for a model, by which a budget is checked. */
  bytesByModel: ReadonlyMap<string, number>
}

/** Stores the requests of `body`. Throws a GatewayError; what was written is the caller's to delete. */
export async function storeRequests(
  body: ReadableStream<Uint8Array>,
  { objects, batch }: { objects: ObjectStore; batch: string },
): Promise<StoredRequests> {
  const splitter = new RequestSplitter()
  const slices = new SliceWriter(objects, toInputPrefix(batch))
  let bytes = 0
  try {
    for await (const chunk of body) {
      bytes += chunk.length
      if (bytes > maxBatch.bytes) {
        throw new GatewayError({
          kind: 'too_large',
          reason: `a batch has at most ${maxBatch.bytes} bytes`,
        })
      }
      for (const element of splitter.push(chunk)) {
        await slices.add(element)
      }
    }
    splitter.end()
  } finally {
    await slices.end()
  }
  return slices.stored()
}

class SliceWriter {
  readonly #objects: ObjectStore
  readonly #prefix: string
  readonly #slices: NewSlice[] = []
  readonly #known = new Set<string>()
  readonly #bytesByModel = new Map<string, number>()
  readonly #writes = new Set<Promise<void>>()
  #ids: string[] = []
  #lines: Uint8Array[] = []
  #bytes = 0
  /** The error of a write that failed while others ran. */
  #failure: { error: unknown } | undefined

  constructor(objects: ObjectStore, prefix: string) {
    this.#objects = objects
    this.#prefix = prefix
  }

  async add(element: Uint8Array): Promise<void> {
    const path = `requests.${this.#known.size}`
    const { customId, params } = readItem(element, path)
    if (this.#known.has(customId)) {
      throw invalidRequest(
        `${path}.custom_id: '${customId}' appears more than once; custom_id must be unique in a batch`,
      )
    }
    this.#known.add(customId)
    if (this.#known.size > maxBatch.items) {
      const reason = `a batch has at most ${maxBatch.items} requests`
      throw new GatewayError({ kind: 'too_large', reason })
    }
    const model = asString(params['model']) ?? ''
    this.#bytesByModel.set(model, (this.#bytesByModel.get(model) ?? 0) + element.length)
    if (this.#bytes + element.length > maxSlice.bytes) {
      await this.#write()
    }
    this.#ids.push(customId)
    this.#lines.push(toLine(element), lineFeed)
    this.#bytes += element.length + 1
    if (this.#ids.length === maxSlice.items) {
      await this.#write()
    }
  }

  /** Writes the rest, and waits for all writes. Throws the error of the first one that failed. */
  async end(): Promise<void> {
    await this.#write()
    await Promise.all(this.#writes)
    if (this.#failure !== undefined) {
      throw this.#failure.error
    }
  }

  stored(): StoredRequests {
    const { size } = this.#known
    return { slices: this.#slices, items: size, bytesByModel: this.#bytesByModel }
  }

  async #write(): Promise<void> {
    if (this.#ids.length === 0) {
      return
    }
    if (this.#writes.size >= maxWrites) {
      await Promise.race(this.#writes)
    }
    const name = `${this.#prefix}${this.#slices.length}`
    const write = this.#objects
      .put(name, concatenate(this.#lines))
      .catch((error: unknown) => {
        this.#failure ??= { error }
      })
      .finally(() => this.#writes.delete(write))
    this.#writes.add(write)
    this.#slices.push({ ids: this.#ids })
    this.#ids = []
    this.#lines = []
    this.#bytes = 0
  }
}

const lineFeed = Uint8Array.of(0x0a)
