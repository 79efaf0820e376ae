/** The catalog that is built into the Worker: what an empty KV serves. */
import document from '../../catalog.json' with { type: 'json' }

/** The document of the built-in catalog, unparsed. */
export const bundledCatalog: unknown = document
