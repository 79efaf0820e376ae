/** What `npm start` serves: the catalog file, and what this machine can use beside it. */
import type { Catalog, CatalogModel } from '../../catalog/schema.ts'
import { readCatalogFile, registries } from '../catalog/catalog-file.ts'
import { readSecrets } from '../catalog/local-secrets.ts'
import { discoverModels } from './discover-models.ts'
import { withDiscovered } from './with-discovered.ts'

export interface ServedCatalog {
  catalog: Catalog
  /** The catalog as it is written to KV. */
  text: string
  /** The discovered model that the clients' usual names get; undefined where the file says all. */
  best: CatalogModel | undefined
  /** A sentence for each provider that could not be asked. */
  notes: string[]
}

/** Throws a UserError where the file cannot be read or is not valid. */
export async function readServedCatalog({
  catalog: file,
  discover,
  modelsDev,
}: {
  catalog: string
  discover: boolean
  modelsDev: string
}): Promise<ServedCatalog> {
  const { catalog, text } = await readCatalogFile(file)
  if (!discover) {
    return { catalog, text, best: undefined, notes: [] }
  }
  const findSecret = await readSecrets()
  const { found, notes } = await discoverModels({
    presets: registries.presets,
    findSecret,
    modelsDev,
  })
  const served = withDiscovered(catalog, found, isDemo)
  return found.length === 0
    ? { catalog, text, best: undefined, notes }
    : {
        catalog: served.catalog,
        text: JSON.stringify(served.catalog),
        best: served.best,
        notes,
      }
}

/** Whether a preset answers inside the gateway, without any model behind it. */
function isDemo(preset: string): boolean {
  return registries.presets[preset]?.fetch !== undefined && preset.startsWith('demo')
}

/** Every secret that the catalog's providers name and this machine has, by name. */
export async function workerSecrets({ providers }: Catalog): Promise<Record<string, string>> {
  const findSecret = await readSecrets()
  const names = Object.values(providers).flatMap(({ preset, secret, secrets = [] }) => [
    ...secrets,
    ...[secret ?? registries.presets[preset ?? '']?.secret].filter(
      (name) => name !== undefined && name !== null,
    ),
  ])
  return Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = findSecret(name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
