/** The catalog for requests, cached in the isolate. */
import type { LoadedCatalog } from '../../catalog/load.ts'
import { loadCatalog } from '../../catalog/load.ts'
import type { Registries } from '../../catalog/registries.ts'
import type { Config } from '../../exchange/config.ts'

/**
 * How long the catalog is cached in seconds. A push takes effect everywhere after that and KV's own
 * minute.
 */
const keepSeconds = 30

/** Resolves to the catalog that is in force. */
export type GetCatalog = (config: Config) => Promise<LoadedCatalog>

/** Creates the function that returns the catalog. It throws what {@link loadCatalog} throws. */
export function createGetCatalog(registries: Registries, now: () => number): GetCatalog {
  return ({ catalog: kv, cache, caching, binding }) =>
    loadCatalog({
      kv,
      memory: cache.catalog,
      registries,
      loadBundled: async () => (await import('../../catalog/bundled.ts')).bundledCatalog,
      isBound: (name) => binding(name) !== undefined,
      keepSeconds: caching ? keepSeconds : 0,
      now: now(),
    })
}
