/**
 * The catalog as a request finds it: read from KV at most every so often, parsed only when its text
 * has changed. A document that breaks does not take the gateway down where a good one is at hand.
 */
import { GatewayError } from '../anthropic/error.ts'
import type { KeyValue } from '../platform/key-value.ts'
import { describeFault } from './fault.ts'
import { parseCatalog, parseCatalogText } from './parse.ts'
import type { Registries } from './registries.ts'
import type { Catalog } from './schema.ts'

/** The KV key of the document. */
export const catalogEntry = 'catalog'

export interface LoadedCatalog {
  catalog: Catalog
  /** KV holds none, and the one that was built in is served. */
  bundled: boolean
  /** KV holds one that cannot be used, and the last good one is served; the first thing wrong with it. */
  fault?: string
}

/** What an isolate keeps between requests. Made empty by the caller; filled here. */
export interface CatalogMemory {
  loaded?: LoadedCatalog
  /** What `loaded` was read from; null where KV had nothing. */
  text?: string | null
  /** Until when KV need not be asked, in epoch milliseconds. */
  until?: number
}

export interface CatalogSource {
  kv: Pick<KeyValue, 'get'>
  memory: CatalogMemory
  registries: Registries
  /** The document that is built in. */
  bundled: unknown
  /** For how long `memory` is believed; 0 where a push must show at once. */
  keepSeconds: number
  /** Epoch milliseconds. */
  now: number
}

const kvCacheTtl = 60

/**
 * The catalog to serve by.
 * Throws a GatewayError `misconfigured` where the document cannot be used and no good one is at hand.
 */
export async function loadCatalog(source: CatalogSource): Promise<LoadedCatalog> {
  const { kv, memory, keepSeconds, now } = source
  if (memory.loaded !== undefined && now < (memory.until ?? 0)) {
    return memory.loaded
  }
  const text = await kv.get(catalogEntry, keepSeconds === 0 ? undefined : { cacheTtl: kvCacheTtl })
  if (memory.loaded === undefined || text !== memory.text) {
    memory.loaded = read(text, source)
    memory.text = text
  }
  memory.until = now + keepSeconds * 1000
  return memory.loaded
}

function read(text: string | null, source: CatalogSource): LoadedCatalog {
  const { registries, memory, bundled } = source
  const parsed =
    text === null ? parseCatalog(bundled, registries) : parseCatalogText(text, registries)
  if ('catalog' in parsed) {
    return { catalog: parsed.catalog, bundled: text === null }
  }
  const fault = parsed.faults.slice(0, 1).map(describeFault).join('')
  if (memory.loaded !== undefined) {
    return { ...memory.loaded, fault }
  }
  throw new GatewayError({
    kind: 'misconfigured',
    message: `The catalog cannot be used: ${fault}. Mend it and run \`npm run catalog -- push\`.`,
  })
}
