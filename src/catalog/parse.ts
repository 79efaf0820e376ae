/** Parses and checks a catalog, in the Worker and in the command-line tools alike. */
import { checkCatalog } from './check.ts'
import type { Fault } from './fault.ts'
import { toFaults } from './fault.ts'
import type { Registries } from './registries.ts'
import type { Catalog } from './schema.ts'
import { catalogSchema } from './schema.ts'

export type ParsedCatalog = { catalog: Catalog } | { faults: Fault[] }

/**
 * Parses a JSON document. Returns all faults against the schema, or if there are none, all faults
 * of {@link checkCatalog}.
 */
export function parseCatalog(document: unknown, registries: Registries): ParsedCatalog {
  const parsed = catalogSchema.safeParse(document, { reportInput: true })
  if (!parsed.success) {
    return { faults: parsed.error.issues.flatMap((issue) => toFaults(issue)) }
  }
  const faults = checkCatalog(parsed.data, registries)
  return faults.length > 0 ? { faults } : { catalog: parsed.data }
}

/** Parses the text of a catalog. */
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
