/** What an isolate has read of KV. */
import type { CatalogMemory } from '../catalog/load.ts'
import type { RememberedKey } from '../keys/authenticate.ts'
import type { RememberedGroup } from '../keys/groups/lookup.ts'
import { BoundedCache, cacheBounds } from '../platform/bounded-cache.ts'

/** The path of `npm start` to which those who have written to its KV post, so that it calls {@link KvCache.expire}. */
export const refreshPath = '/api/refresh'

/** Keys, groups and the catalog, so that a request need not read and parse them. */
export class KvCache {
  #keys = new BoundedCache<RememberedKey>(cacheBounds.validKeys)
  #groups = new BoundedCache<RememberedGroup>(cacheBounds.groups)
  #catalog: CatalogMemory = {}

  get keys(): BoundedCache<RememberedKey> {
    return this.#keys
  }

  get groups(): BoundedCache<RememberedGroup> {
    return this.#groups
  }

  get catalog(): CatalogMemory {
    return this.#catalog
  }

  /**
   * Has KV read again. A value that was read before goes into the cache that is discarded here. The catalog
   * stays known, in case KV has an invalid one now.
   */
  expire(): void {
    this.#keys = new BoundedCache<RememberedKey>(cacheBounds.validKeys)
    this.#groups = new BoundedCache<RememberedGroup>(cacheBounds.groups)
    this.#catalog = { ...this.#catalog, until: 0 }
  }
}
