/**
 * Resolves a model name to its targets. Memoized, since few names are requested repeatedly, and a
 * catalog may list hundreds.
 */
import { BoundedCache, cacheBounds } from '../../platform/bounded-cache.ts'
import type { Registries } from '../registries.ts'
import type { Catalog } from '../schema/catalog.ts'
import type { CatalogModel } from '../schema/model.ts'
import { resolveModel } from './resolve.ts'
import type { ResolvedTarget } from './resolved-target.ts'
import { toResolvedTarget } from './resolved-target.ts'

/** A catalog entry with its resolved targets. */
export interface ResolvedModel {
  /** The model's own id: aliases and wildcards resolved. */
  id: string
  model: CatalogModel
  /** The model in the catalog. */
  targets: readonly ResolvedTarget[]
}

/**
 * Resolves a name; undefined if {@link resolveModel} finds nothing. Throws if the catalog was not
 * checked.
 */
export type Resolve = (catalog: Catalog, name: string) => ResolvedModel | undefined

/** Creates the resolver of one isolate; the results for a catalog are released with it. */
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
