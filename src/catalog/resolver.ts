import type { BoundDialect } from '../dialects/dialect.ts'
import type { PassThrough } from '../dialects/pass-through.ts'
/**
 * From a model's name to the upstreams that may serve it, complete but for their secrets. Remembered:
 * few names are asked for, again and again, and a catalog may list hundreds.
 */
import { BoundedCache, cacheBounds } from '../platform/bounded-cache.ts'
import type { Registries } from './registries.ts'
import { resolveModel } from './resolve.ts'
import type { Catalog, CatalogModel, CatalogTarget } from './schema.ts'
import type { Upstream } from './upstream.ts'
import { toUpstream } from './upstream.ts'

export interface ResolvedTarget extends CatalogTarget {
  /** `<provider>/<upstream model>` */
  name: string
  upstream: Upstream
  /** The upstream's, ready to be used. */
  dialect: BoundDialect | PassThrough
}

export interface ResolvedModel {
  /** The model's own id: aliases and wildcards resolved. */
  id: string
  model: CatalogModel
  /** In order of preference. */
  targets: readonly ResolvedTarget[]
}

/** Undefined where {@link resolveModel} is. Throws where the catalog was not checked. */
export type Resolve = (catalog: Catalog, name: string) => ResolvedModel | undefined

/** For one isolate. What is remembered goes with its catalog. */
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
      targets: resolution.targets.map((target) => {
        const upstream = toUpstream(catalog, registries, resolution.model, target)
        const { dialect, quirks } = upstream
        return {
          ...target,
          name: `${target.provider}/${target.model}`,
          upstream,
          dialect: dialect.kind === 'translated' ? dialect.bind(upstream, quirks) : dialect,
        }
      }),
    }
  )
}
