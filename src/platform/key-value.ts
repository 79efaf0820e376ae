/**
 * The interface of Workers KV that the gateway and its commands use. It is implemented by the
 * Worker's binding, the local state of `npm start` and Wrangler's remote commands. Types only.
 */

/** A KV namespace. */
export interface KeyValue {
  /**
   * Reads a value. `cacheTtl`: how long in seconds a location may respond from its cache, also that
   * there is none.
   */
  get: (key: string, options?: { cacheTtl: number }) => Promise<string | null>
  put: (key: string, value: string, options?: PutOptions) => Promise<void>
  list: (options: { prefix: string; cursor?: string }) => Promise<ListPage>
}

/** Options of a write; `expiration` is in epoch seconds. */
export interface PutOptions {
  /** JSON of at most 1 KiB, which `list` returns. */
  metadata?: object
  /** When KV deletes the entry, in epoch seconds, at least a minute ahead. */
  expiration?: number
}

/** A page of names, with the cursor of the next one. */
export interface ListPage {
  keys: readonly { name: string; metadata?: unknown }[]
  list_complete: boolean
  cursor?: string
}
