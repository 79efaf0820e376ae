/**
 * From a model name to the targets that can serve it, complete but for their secrets. Memoized: few
 * names are requested, again and again, and a catalog may list hundreds.
 */
import { BoundedCache, cacheBounds } from '../platform/bounded-cache.ts'
import type { Registries } from './registries.ts'
import { resolveModel } from './resolve.ts'
import type { ResolvedTarget } from './resolved-target.ts'
import { toResolvedTarget } from './resolved-target.ts'
import type { Catalog, CatalogModel } from './schema.ts'

export interface ResolvedModel {
  /** The model's own id: aliases and wildcards resolved. */
  id: string
  model: CatalogModel
  /** As listed in the catalog. */
  targets: readonly ResolvedTarget[]
}

/** Undefined where {@link resolveModel} is. Throws where the catalog was not checked. */
export type Resolve = (catalog: Catalog, name: string) => ResolvedModel | undefined

/** Made once per isolate; the memory of a catalog is released with it. */
export function createResolver(registries: Registries): Resolve {
  const memories = new WeakMap<Catalog, BoundedCache<ResolvedModel>>()
  return function resolve(catalog, name) {
    let memory = memories.get(catalog)
    const known = memory?.get(name)
    if (known !== undefined) {
      return known
    }
    if (memory === undefined) {
      memory = new BoundedCache(cacheBounds.resolutions)
      memories.set(catalog, memory)
    }
    const found = complete(catalog, registries, name)
    if (found !== undefined) {
      memory.set(name, found)
    }
    return found
  }
}

function complete(
  catalog: Catalog,
  registries: Registries,
  name: string,
): ResolvedModel | undefined {
  const resolution = resolveModel(catalog, name)
  return (
    resolution && {
      ...resolution,
      targets: resolution.targets.map((target) =>
        toResolvedTarget(catalog, registries, resolution.model, target),
      ),
    }
  )
}
