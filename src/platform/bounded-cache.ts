/** The caches of an isolate, all of them bounded, so that no client can make them grow. */

/**
 * The maximal number of entries of each cache. None contains a prompt or an answer, and except for
 * `validKeys` none contains data of one key that another key could observe.
 */
export const cacheBounds = {
  /** Key records by the key as sent, for 15 s; valid keys only (exchange/kv-cache.ts). */
  validKeys: 1000,
  /** Records of groups by id, for 15 s; of one key each or more (exchange/kv-cache.ts). */
  groups: 500,
  /** Matching routes by method and path (http/router.ts). */
  paths: 100,
  /** Resolved targets by model name, per catalog (catalog/resolve/resolver.ts). */
  resolutions: 1000,
  /** The health of `<provider>/<model>` targets per secret (exchange/policy/cooldown.ts). */
  cooldowns: 1000,
  /** Adjustments by `<provider>/<model>`, at most 16 each (exchange/policy/adjustments.ts). */
  adjustments: 500,
  /** Cached prompt tokens by conversation, of one key each (exchange/metering/cached-prompts.ts). */
  cachedPrompts: 1000,
  /** Digests of prompts by the key and the answer's id (exchange/request/prompt-prints.ts). */
  promptPrints: 1000,
  /** Tools of MCP servers, by the key, URL and token as a hash, for 5 minutes; 128 KB each (server-tools/mcp/listing.ts). */
  mcpListings: 100,
  /** Access tokens by service account, until they expire (upstream/auth/google-token.ts). */
  googleTokens: 100,
  /** What OpenID Connect issuers publish, by issuer, for an hour (identity/providers/issuers.ts). */
  issuers: 100,
} as const
// The catalog itself is one entry (catalog/load.ts); tokenizer weights are as many as there are tables.

/** A map that evicts the least recently set entry when it is full. */
export class BoundedCache<Value> {
  readonly #entries = new Map<string, Value>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key)
  }

  set(key: string, value: Value): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size > this.#max) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest)
        return
      }
    }
  }

  entries(): Iterable<[string, Value]> {
    return this.#entries.entries()
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }
}
