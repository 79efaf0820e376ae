/**
 * Loads the catalog for a request: reads KV at most once per interval, and parses only a text that has
 * changed. If the new document is invalid, the last valid one keeps being served.
 */
import { GatewayError } from '../anthropic/error.ts'
import type { KeyValue } from '../platform/key-value.ts'
import { describeFault } from './check/fault.ts'
import type { ParsedCatalog } from './parse.ts'
import { parseCatalog, parseCatalogText } from './parse.ts'
import type { Registries } from './registries.ts'
import type { Catalog } from './schema/catalog.ts'

/** The KV key of the document. */
export const catalogEntry = 'catalog'

/** The catalog that is in force: from KV, or bundled. `fault` says why a newer document is not used. */
export interface LoadedCatalog {
  catalog: Catalog
  /** Whether the bundled catalog is served, because KV holds none. */
  bundled: boolean
  /** The first fault of KV's document, while the last valid one is served in its place. */
  fault?: string
}

/** What an isolate retains between requests. Created empty by the caller, filled by {@link loadCatalog}. */
export interface CatalogMemory {
  loaded?: LoadedCatalog
  /** The text that `loaded` was parsed from; null if KV had none. */
  text?: string | null
  /** When KV is read again, in epoch milliseconds. */
  until?: number
}

/**
 * The source of a catalog: KV, how long it is cached, and what it is checked against. `now` is in epoch
 * milliseconds.
 */
export interface CatalogSource {
  kv: Pick<KeyValue, 'get'>
  memory: CatalogMemory
  registries: Registries
  /** Loads the bundled document. */
  loadBundled: () => Promise<unknown>
  /** Whether a binding of the Worker is bound, so that an empty KV serves the models behind it. */
  isBound: (binding: string) => boolean
  /** How long `memory` is valid; 0 if a push must take effect at once. */
  keepSeconds: number
  /** The current time, in epoch milliseconds. */
  now: number
}

const kvCacheTtl = 60

/**
 * Returns the catalog to serve. Throws a GatewayError `misconfigured` if the document is invalid and no
 * valid one was loaded before.
 */
export async function loadCatalog(source: CatalogSource): Promise<LoadedCatalog> {
  const { kv, memory, keepSeconds, now } = source
  if (memory.loaded !== undefined && now < (memory.until ?? 0)) {
    return memory.loaded
  }
  const text = await kv.get(catalogEntry, keepSeconds === 0 ? undefined : { cacheTtl: kvCacheTtl })
  if (memory.loaded === undefined || text !== memory.text) {
    memory.loaded = text === null ? await readBundled(source) : read(text, source)
    memory.text = text
  }
  memory.until = now + keepSeconds * 1000
  return memory.loaded
}

async function readBundled(source: CatalogSource): Promise<LoadedCatalog> {
  const { registries, loadBundled, isBound } = source
  const { withBoundModels } = await import('./bound-models.ts')
  const loaded = toLoaded(parseCatalog(await loadBundled(), registries), source)
  const catalog = withBoundModels(loaded.catalog, registries.presets, isBound)
  return { ...loaded, catalog, bundled: true }
}

function read(text: string, source: CatalogSource): LoadedCatalog {
  return toLoaded(parseCatalogText(text, source.registries), source)
}

/** The parsed catalog; the last valid one, with a fault, for a document that is invalid. */
function toLoaded(parsed: ParsedCatalog, { memory }: CatalogSource): LoadedCatalog {
  if ('catalog' in parsed) {
    return { catalog: parsed.catalog, bundled: false }
  }
  const fault = parsed.faults.slice(0, 1).map(describeFault).join('')
  if (memory.loaded !== undefined) {
    return { ...memory.loaded, fault }
  }
  throw new GatewayError({
    kind: 'misconfigured',
    message: `The catalog is invalid: ${fault}. Fix it and run \`npm run catalog -- push\`.`,
  })
}
