/** The catalog that is built into the Worker: what an empty KV serves. */
import document from '../../catalog.json' with { type: 'json' }

export const bundledCatalog: unknown = document
