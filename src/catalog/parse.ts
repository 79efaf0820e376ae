/** Reads a catalog, and says what is wrong with one: the same in the Worker and in the tools. */
import { checkCatalog } from './check.ts'
import type { Fault } from './fault.ts'
import { toFaults } from './fault.ts'
import type { Registries } from './registries.ts'
import type { Catalog } from './schema.ts'
import { catalogSchema } from './schema.ts'

export type ParsedCatalog = { catalog: Catalog } | { faults: Fault[] }

/**
 * Reads a document that was JSON. All faults of one kind are told at once: first those of shape, and
 * where there are none, those of sense.
 */
export function parseCatalog(document: unknown, registries: Registries): ParsedCatalog {
  const parsed = catalogSchema.safeParse(document, { reportInput: true })
  if (!parsed.success) {
    return { faults: parsed.error.issues.flatMap((issue) => toFaults(issue)) }
  }
  const faults = checkCatalog(parsed.data, registries)
  return faults.length > 0 ? { faults } : { catalog: parsed.data }
}

/** Reads a catalog's text. */
export function parseCatalogText(text: string, registries: Registries): ParsedCatalog {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { faults: [{ path: '', message: `not valid JSON: ${message}` }] }
  }
  return parseCatalog(document, registries)
}
