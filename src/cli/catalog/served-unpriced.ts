/** The models without a price in the catalog that a gateway serves. */
import { bundledCatalog } from '../../catalog/bundled.ts'
import { catalogEntry } from '../../catalog/load.ts'
import { parseCatalog, parseCatalogText } from '../../catalog/parse.ts'
import { listUnpriced } from '../../catalog/price.ts'
import type { KvLocation } from '../platform/kv-location.ts'
import { withKv } from '../platform/kv-location.ts'
import { registries } from './catalog-file.ts'

/** Reads their ids from KV, as far as `isAllowed`; none if the catalog in KV is invalid. */
export async function readServedUnpriced(
  location: KvLocation,
  isAllowed: (id: string) => boolean,
): Promise<string[]> {
  const text = await withKv(location, 'CATALOG', (kv) => kv.get(catalogEntry))
  const parsed =
    text === null ? parseCatalog(bundledCatalog, registries) : parseCatalogText(text, registries)
  return 'catalog' in parsed ? listUnpriced(parsed.catalog, isAllowed) : []
}
