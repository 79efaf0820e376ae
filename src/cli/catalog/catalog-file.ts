/** Catalogue files, checked as the Worker would check them. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

import { describeFault } from '../../catalog/fault.ts'
import { parseCatalogText } from '../../catalog/parse.ts'
import type { Registries } from '../../catalog/registries.ts'
import type { Catalog } from '../../catalog/schema.ts'
import { dialects } from '../../dialects/index.ts'
import { presets } from '../../providers/index.ts'
import { UserError } from '../platform/stop.ts'
import { projectRoot } from '../platform/wrangler.ts'

export const registries: Registries = { presets, dialects }

export const defaultCatalogFile = resolve(projectRoot, 'catalog.json')

/** Reads and checks a file. Throws a UserError that tells every fault and where it is. */
export async function readCatalogFile(file: string): Promise<{ text: string; catalog: Catalog }> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${file} cannot be read (${error.code}).`)
  })
  const parsed = parseCatalogText(text, registries)
  if ('faults' in parsed) {
    const faults = parsed.faults.map((fault) => `  ${describeFault(fault)}`)
    throw new UserError([`${file} is not a valid catalogue:`, ...faults].join('\n'))
  }
  return { text, catalog: parsed.catalog }
}

/** The ids that `/v1/models` shows. */
export function listedIds({ models }: Catalog): string[] {
  return models
    .filter(({ id, listed }) => listed !== false && !id.includes('*'))
    .map(({ id }) => id)
}
