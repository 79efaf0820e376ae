/** Reads catalog files, with the same validation as the Worker. */
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'

import { describeFault } from '../../catalog/check/fault.ts'
import { parseCatalog, parseCatalogText } from '../../catalog/parse.ts'
import type { Registries } from '../../catalog/registries.ts'
import type { Catalog } from '../../catalog/schema/catalog.ts'
import { dialects } from '../../dialects/index.ts'
import { presets } from '../../providers/index.ts'
import { UserError } from '../platform/run-command.ts'
import { projectRoot } from '../platform/wrangler.ts'

/** The presets and dialects that a catalog may name. */
export const registries: Registries = { presets, dialects }

/** The path of the project's own `catalog.json`. */
export const defaultCatalogFile = resolve(projectRoot, 'catalog.json')

/** Reads and validates a file. Throws a UserError that lists every fault with its path. */
export async function readCatalogFile(file: string): Promise<{ text: string; catalog: Catalog }> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${file} could not be read (${error.code}).`)
  })
  const parsed = parseCatalogText(text, registries)
  if ('faults' in parsed) {
    const faults = parsed.faults.map((fault) => `  ${describeFault(fault)}`)
    const nextStep = 'Correct the file; docs/reference/catalog.md describes each field.'
    throw new UserError([`${file} is not a valid catalog:`, ...faults, nextStep].join('\n'))
  }
  return { text, catalog: parsed.catalog }
}

/** Writes a catalog, unless the Worker would reject it. Throws a UserError. */
export async function writeCatalogFile(catalog: Catalog, file: string): Promise<void> {
  const parsed = parseCatalog(catalog, registries)
  if ('faults' in parsed) {
    const [fault] = parsed.faults
    throw new UserError(
      `The catalog would be invalid after these changes: ${fault?.path} ${fault?.message}`,
    )
  }
  await writeFile(file, `${JSON.stringify(catalog, null, 2)}\n`)
}

/** Returns the ids that `/v1/models` lists. */
export function listedIds({ models }: Catalog): string[] {
  return models
    .filter(({ id, listed }) => listed !== false && !id.includes('*'))
    .map(({ id }) => id)
}
