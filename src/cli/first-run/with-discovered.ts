/** Adds discovered models to a catalog. */
import type { Catalog } from '../../catalog/schema/catalog.ts'
import type { CatalogModel } from '../../catalog/schema/model.ts'
import type { ModelFacts } from '../catalog/model-facts.ts'
import { applyChanges, propose } from '../catalog/proposal.ts'
import { bestModel } from './best-model.ts'

/** The models that one provider lists. */
export interface DiscoveredProvider {
  /** The provider's name, which is that of its preset. */
  provider: string
  baseUrl: string
  /**
   * Whether the provider is hosted. Its models are preferred to local ones as targets of aliases.
   */
  isHosted: boolean
  models: readonly ModelFacts[]
}

/** A catalog with discovered models, those that were added, and the one to suggest for a first request. */
export interface ServedCatalog {
  catalog: Catalog
  /** The entries that were added, as they are served. */
  added: CatalogModel[]
  /** The model that the demo's aliases now refer to; undefined if none was changed. */
  best: CatalogModel | undefined
}

/**
 * Adds an entry `provider/model` for each discovered model that the file does not already serve,
 * and lets the demo's aliases (see `isDemo`) refer to the best of them. Other entries and aliases
 * of the file are not changed.
 */
export function withDiscovered(
  file: Catalog,
  found: readonly DiscoveredProvider[],
  isDemo: (provider: string) => boolean,
): ServedCatalog {
  let catalog = file
  const added = new Map<string, { entry: CatalogModel; isHosted: boolean }>()
  for (const { provider, baseUrl, isHosted, models } of found) {
    catalog = withProvider(catalog, provider, baseUrl)
    const changes = propose(catalog, provider, models).filter(({ kind }) => kind === 'add')
    catalog = applyChanges(catalog, changes, false)
    for (const change of changes) {
      if (change.kind === 'add') {
        added.set(change.entry.id, { entry: change.entry, isHosted })
      }
    }
  }
  const entries = [...added.values()]
  const hosted = entries.filter(({ isHosted }) => isHosted)
  const best = bestModel((hosted.length > 0 ? hosted : entries).map(({ entry }) => entry))
  const aliases = best === undefined ? undefined : repoint(catalog, best.id, isDemo)
  return {
    catalog: aliases === undefined ? catalog : { ...catalog, aliases },
    added: entries.map(({ entry }) => entry),
    best: aliases === undefined ? undefined : best,
  }
}

function withProvider(catalog: Catalog, name: string, baseUrl: string): Catalog {
  if (Object.hasOwn(catalog.providers, name)) {
    return catalog
  }
  const provider = { preset: name, base_url: baseUrl }
  return { ...catalog, providers: { ...catalog.providers, [name]: provider } }
}

/** Changes the demo's aliases; undefined if there are none. */
function repoint(
  catalog: Catalog,
  id: string,
  isDemo: (preset: string) => boolean,
): Record<string, string> | undefined {
  const { aliases = {}, models } = catalog
  const demoIds = new Set(
    models.filter((model) => isDemoModel(catalog, model, isDemo)).map((model) => model.id),
  )
  const entries = Object.entries(aliases)
  return entries.some(([, to]) => demoIds.has(to))
    ? Object.fromEntries(entries.map(([from, to]) => [from, demoIds.has(to) ? id : to]))
    : undefined
}

/** Whether only the demo serves a model. */
export function isDemoModel(
  { providers }: Catalog,
  { targets }: CatalogModel,
  isDemo: (preset: string) => boolean,
): boolean {
  return targets.every(({ provider }) => isDemo(providers[provider]?.preset ?? ''))
}
