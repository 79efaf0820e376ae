/**
 * The catalog that `npm start` serves: the catalog file, and models that were discovered on this
 * machine.
 */
import type { Catalog } from '../../catalog/schema/catalog.ts'
import type { CatalogModel } from '../../catalog/schema/model.ts'
import { listedIds, readCatalogFile, registries } from '../catalog/catalog-file.ts'
import { readSecrets } from '../catalog/local-secrets.ts'
import { discoverModels } from './discover-models.ts'
import { demoPersons } from './sign-in/demo-issuer.ts'
import { isDemoModel, withDiscovered } from './with-discovered.ts'

/** The catalog to serve, its JSON, the model to suggest for a first request, and notes for the operator. */
export interface ServedCatalog {
  catalog: Catalog
  /** The catalog as it is written to KV. */
  text: string
  /**
   * The discovered model that clients' usual names refer to; undefined if the file defines them
   * all.
   */
  best: CatalogModel | undefined
  /** A sentence for each provider whose request failed, or one with the reason why only the demo answers. */
  notes: string[]
}

/** The options of `npm start` that decide on the catalog. */
export interface ServedOptions {
  /** The path of the catalog file. */
  catalog: string
  discover: boolean
  modelsDev: string
  /** The file of secrets that the environment lacks; `.dev.vars` by default. */
  secretsFile?: string
  /** The issuer at which sign-in is tried; undefined without `--sign-in`. */
  demoIssuer: string | undefined
}

/** Reads the catalog. Throws a UserError if the file cannot be read or is invalid. */
export async function readServedCatalog(options: ServedOptions): Promise<ServedCatalog> {
  const served = await readModels(options)
  if (options.demoIssuer === undefined) {
    return served
  }
  const catalog = withDemoSignIn(served.catalog, options.demoIssuer)
  return { ...served, catalog, text: JSON.stringify(catalog) }
}

async function readModels({
  catalog: file,
  discover,
  modelsDev,
  secretsFile,
}: ServedOptions): Promise<ServedCatalog> {
  const { catalog, text } = await readCatalogFile(file)
  if (!discover) {
    return { catalog, text, best: undefined, notes: [] }
  }
  const findSecret = await readSecrets(secretsFile)
  const { found, notes } = await discoverModels({
    presets: registries.presets,
    findSecret,
    modelsDev,
  })
  const served = withDiscovered(catalog, found, isDemo)
  return found.length === 0
    ? { catalog, text, best: undefined, notes: notes.length > 0 ? notes : notesOfNone(catalog) }
    : {
        catalog: served.catalog,
        text: JSON.stringify(served.catalog),
        best: served.best,
        notes,
      }
}

/** The next step where no model was discovered; none if the file lists models besides the demo. */
function notesOfNone(catalog: Catalog): string[] {
  const listed = new Set(listedIds(catalog))
  const others = catalog.models.filter(
    (model) => listed.has(model.id) && !isDemoModel(catalog, model, isDemo),
  )
  return others.length === 0 ? [onlyDemo] : []
}

const onlyDemo = `Only the demo answers: there is no API key in the environment or .dev.vars, and no model server on this machine.
Add a key to .dev.vars (.dev.vars.example has the names); it is used at once.`

/** Whether a preset is the demo, which has no model behind it. */
export function isDemo(preset: string): boolean {
  return registries.presets[preset]?.isDemo === true
}

/** Returns the secrets that the catalog names and that are set on this machine, by name. */
export async function workerSecrets({
  providers,
  identity,
}: Catalog): Promise<Record<string, string>> {
  const findSecret = await readSecrets()
  const ofModels = Object.values(providers).flatMap(({ preset, secret, secrets = [] }) => [
    ...secrets,
    secret ?? registries.presets[preset ?? '']?.secret,
  ])
  const ofSignIn = Object.values(identity?.providers ?? {}).map(({ secret }) => secret)
  const names = [...ofModels, ...ofSignIn].filter((name) => name !== undefined && name !== null)
  return Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = findSecret(name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** Adds `identity`, if there is none: one operator, and members with a small budget. */
function withDemoSignIn(catalog: Catalog, issuer: string): Catalog {
  const [operator] = demoPersons
  return {
    ...catalog,
    identity: catalog.identity ?? {
      providers: { demo: { issuer, client_id: 'demo', display_name: 'the demo' } },
      people: [
        { match: { emails: [operator] }, admin: true },
        { match: 'everyone', limits: { budgets: [{ usd: 1, period: 'day' }] } },
      ],
    },
  }
}
