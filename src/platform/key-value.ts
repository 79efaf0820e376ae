/**
 * What the gateway and its tools need of Workers KV. The Worker's binding, the local state of
 * `npm start` and wrangler's remote commands all fit it. Types only.
 */

export interface KeyValue {
  /** `cacheTtl` in seconds: how long a location may answer from its cache, "not found" too. */
  get: (key: string, options?: { cacheTtl: number }) => Promise<string | null>
  put: (key: string, value: string, options?: PutOptions) => Promise<void>
  list: (options: { prefix: string; cursor?: string }) => Promise<ListPage>
}

export interface PutOptions {
  /** At most 1 KiB of JSON, answered by `list`. */
  metadata?: object
  /** When KV forgets the entry: epoch seconds, at least a minute ahead. */
  expiration?: number
}

export interface ListPage {
  keys: readonly { name: string; metadata?: unknown }[]
  list_complete: boolean
  cursor?: string
}
