/** Parses and checks a catalog, in the Worker and in the command-line tools alike. */
import type * as z from 'zod/mini'

import { asArray, asObject, asString } from '../anthropic/json.ts'
import { checkCatalog } from './check/check.ts'
import type { Fault } from './check/fault.ts'
import { toFaults } from './check/fault.ts'
import type { Registries } from './registries.ts'
import type { Catalog } from './schema/catalog.ts'
import { catalogSchema } from './schema/catalog.ts'

/** A valid catalog, or all faults of an invalid one. */
export type ParsedCatalog = { catalog: Catalog } | { faults: Fault[] }

/**
 * Parses a JSON document. Returns all its faults: those against the schema, and those of
 * {@link checkCatalog} in what matches the schema.
 */
export function parseCatalog(document: unknown, registries: Registries): ParsedCatalog {
  const parsed = catalogSchema.safeParse(document, { reportInput: true })
  if (!parsed.success) {
    const { issues } = parsed.error
    const rest = checkRest(document, issues, registries)
    return { faults: [...issues.flatMap((issue) => toFaults(issue)), ...rest] }
  }
  const faults = checkCatalog(parsed.data, registries)
  return faults.length > 0 ? { faults } : { catalog: parsed.data }
}

/** Returns the faults of {@link checkCatalog} in the entries that match the schema. */
function checkRest(
  document: unknown,
  issues: readonly z.core.$ZodIssue[],
  registries: Registries,
): Fault[] {
  const { providers, models, aliases } = asObject(document) ?? {}
  const broken = new Set(issues.map(({ path: [section, name] }) => toPath(section, name)))
  const keep = (section: string, entries: unknown): object =>
    Object.fromEntries(
      Object.entries(asObject(entries) ?? {}).filter(
        ([name]) => !broken.has(toPath(section, name)),
      ),
    )
  const rest = catalogSchema.safeParse({
    version: 1,
    providers: keep('providers', providers),
    models: asArray(models).map((model, index) =>
      broken.has(toPath('models', index)) ? toPlaceholder(model, index) : model,
    ),
    aliases: keep('aliases', aliases),
  })
  if (!rest.success) {
    return []
  }
  const { models: checked } = rest.data
  return checkCatalog(rest.data, registries).filter(({ path }) => {
    const [, model, , target] = /^models\.(\d+)(\.targets\.(\d+)\.provider$)?/.exec(path) ?? []
    const provider = checked[Number(model)]?.targets[Number(target)]?.provider
    return !broken.has(toPath('models', model)) && !broken.has(toPath('providers', provider))
  })
}

function toPath(section: PropertyKey | undefined, name: PropertyKey | undefined): string {
  return `${String(section)}.${String(name)}`
}

/** Keeps the index and the id of a model that does not match the schema: others refer to them. */
function toPlaceholder(model: unknown, index: number): object {
  const id = asString(asObject(model)?.['id']) || `models.${index}`
  return { id, targets: [{ provider: '-', model: '-' }] }
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
