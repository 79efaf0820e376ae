/** The catalog as requests find it: kept in the isolate for a while, shared by all of them. */
import { bundledCatalog } from '../../catalog/bundled.ts'
import type { CatalogMemory, LoadedCatalog } from '../../catalog/load.ts'
import { loadCatalog } from '../../catalog/load.ts'
import type { Registries } from '../../catalog/registries.ts'
import type { Config } from '../../exchange/config.ts'

/** A push takes effect everywhere after this and KV's own minute. */
const keepSeconds = 30

export type GetCatalog = (config: Config) => Promise<LoadedCatalog>

/** Throws what {@link loadCatalog} throws. */
export function createGetCatalog(registries: Registries, now: () => number): GetCatalog {
  const memory: CatalogMemory = {}
  return ({ catalog: kv, caching }) =>
    loadCatalog({
      kv,
      memory,
      registries,
      bundled: bundledCatalog,
      keepSeconds: caching ? keepSeconds : 0,
      now: now(),
    })
}
