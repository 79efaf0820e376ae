/**
 * KV of `npm start`, cached in memory: local KV is a database behind further Workers, and a read of it costs
 * several times what a request does. A process that writes to it calls {@link MirroredKv.forget}.
 */
import { BoundedCache, cacheBounds } from './bounded-cache.ts'
import type { KeyValue, ListPage, PutOptions } from './key-value.ts'

/** Milliseconds for which a value is cached, in case its writer calls nothing (`wrangler kv key put --local`). */
const keepMs = 15_000

/** The path of the gateway to which writers post, so that it calls {@link MirroredKv.forget}. */
export const refreshPath = '/api/refresh'

interface Mirrored {
  value: string
  /** The time at which the entry expires, in epoch milliseconds. */
  until: number
}

/** A KV namespace with a mirror in memory. */
export class MirroredKv implements KeyValue {
  readonly #kv: KeyValue
  readonly #now: () => number
  #values = new BoundedCache<Mirrored>(cacheBounds.mirrored)

  constructor(kv: KeyValue, now: () => number) {
    this.#kv = kv
    this.#now = now
  }

  async get(key: string): Promise<string | null> {
    const values = this.#values
    const known = values.get(key)
    if (known !== undefined && this.#now() < known.until) {
      return known.value
    }
    const value = await this.#kv.get(key)
    // Absence is not cached, so that a key can be used as soon as it has been created. A value that was
    // read before a call of forget() goes into the cache that the call discarded.
    if (value !== null) {
      values.set(key, { value, until: this.#now() + keepMs })
    }
    return value
  }

  async put(key: string, value: string, options?: PutOptions): Promise<void> {
    await this.#kv.put(key, value, options)
    this.forget()
  }

  list(options: { prefix: string; cursor?: string }): Promise<ListPage> {
    return this.#kv.list(options)
  }

  /** Discards all values. */
  forget(): void {
    this.#values = new BoundedCache<Mirrored>(cacheBounds.mirrored)
  }
}
