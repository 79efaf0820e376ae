/** The catalog that the setup writes to the gateway's KV. */
import { withBoundModels } from '../../catalog/bound-models.ts'
import { catalogEntry } from '../../catalog/load.ts'
import { parseCatalogText } from '../../catalog/parse.ts'
import type { Catalog } from '../../catalog/schema/catalog.ts'
import type { KeyValue } from '../../platform/key-value.ts'
import type { Preset } from '../../providers/preset.ts'
import { listedIds, readCatalogFile, registries } from '../catalog/catalog-file.ts'
import { discoverModels } from '../first-run/discover-models.ts'
import { isDemo } from '../first-run/served-catalog.ts'
import { usableProviders } from '../first-run/usable-providers.ts'
import { withDiscovered } from '../first-run/with-discovered.ts'
import type { Questions } from './questions.ts'
import type { ProviderSecret } from './worker-secrets.ts'

/**
 * What the catalog of a deployment is made from: the file, the secrets that are set, and the catalog that is
 * deployed.
 */
export interface CatalogSources {
  /** The catalog file, which the models are added to. */
  file: string
  /** The presets of the providers that are looked for. */
  presets: Readonly<Record<string, Preset>>
  /** Values of the Worker's secrets that are known here, by name. */
  secrets: ReadonlyMap<string, string>
  isBound: (binding: string) => boolean
  modelsDev: string
  /** The catalog of an earlier setup. */
  previous: Catalog | undefined
}

/** The providers in whose list the setup finds models, by the secret that they need. */
export function hostedSecrets(presets: CatalogSources['presets']): ProviderSecret[] {
  const { hosted } = usableProviders(presets, () => 'any')
  return hosted.flatMap(({ name: provider, secret }) =>
    secret === undefined ? [] : [{ provider, name: secret.name }],
  )
}

/**
 * Builds a catalog: the file, the models behind bindings in place of the demo, and the models that
 * each provider lists. Claude's names refer to the best model of a provider with a key, if there is
 * one, unless the file has another.
 */
export async function buildCatalog({
  file,
  presets,
  secrets,
  isBound,
  modelsDev,
  previous,
}: CatalogSources): Promise<{ catalog: Catalog; notes: string[] }> {
  const { catalog } = await readCatalogFile(file)
  const { found, notes } = await discoverModels({
    presets: hostedPresets(presets, catalog),
    findSecret: (name) => secrets.get(name),
    modelsDev,
  })
  const { catalog: listed } = withDiscovered(catalog, found, isDemo)
  const built = withBoundModels(listed, registries.presets, isBound)
  const names = new Set(hostedSecrets(presets).map(({ provider }) => provider))
  found.forEach(({ provider }) => names.delete(provider))
  const isMissing = (name: string): boolean => names.has(name)
  return { catalog: previous ? withEarlier(built, previous, isMissing) : built, notes }
}

/** The presets that need a key, at the catalog's addresses: servers of this machine are of no use to a deployment. */
function hostedPresets(presets: CatalogSources['presets'], { providers }: Catalog) {
  const hosted = Object.entries(presets).filter(([, { secret }]) => secret !== null)
  return Object.fromEntries(
    hosted.map(([name, preset]): [string, Preset] => {
      const provider = Object.hasOwn(providers, name) ? providers[name] : undefined
      const own = provider?.preset === name ? provider.base_url : undefined
      return [name, { ...preset, baseUrl: own ?? preset.baseUrl }]
    }),
  )
}

/**
 * Keeps what an earlier setup found of providers that cannot be asked now, such as those whose key
 * is a secret of the Worker only.
 */
function withEarlier(
  catalog: Catalog,
  previous: Catalog,
  isMissing: (provider: string) => boolean,
): Catalog {
  const ids = new Set(catalog.models.map(({ id }) => id))
  const kept = previous.models.filter(
    ({ id, targets }) => !ids.has(id) && targets.every(({ provider }) => isMissing(provider)),
  )
  const keptIds = new Set(kept.map(({ id }) => id))
  const aliases = Object.entries(previous.aliases ?? {}).filter(([, id]) => keptIds.has(id))
  const providers = Object.entries(previous.providers).filter(
    ([name]) => isMissing(name) && !Object.hasOwn(catalog.providers, name),
  )
  const firstWildcard = catalog.models.findIndex(({ id }) => id.includes('*'))
  return {
    ...catalog,
    providers: { ...catalog.providers, ...Object.fromEntries(providers) },
    models: catalog.models.toSpliced(
      firstWildcard === -1 ? catalog.models.length : firstWildcard,
      0,
      ...kept,
    ),
    aliases: { ...catalog.aliases, ...Object.fromEntries(aliases) },
  }
}

/** The metadata of a catalog that the setup wrote; every other writer leaves it out. */
const ofSetup = { writer: 'setup' }

/** What is in KV before the setup writes to it. */
export interface DeployedCatalog {
  text: string | null
  /** Undefined if there is none, or an invalid one. */
  catalog: Catalog | undefined
  /** The deployed catalog, if the setup wrote it and it has not been changed since. */
  ofSetup: Catalog | undefined
}

/** Reads the catalog that the gateway serves from KV. */
export async function readDeployed(kv: KeyValue): Promise<DeployedCatalog> {
  const text = await kv.get(catalogEntry)
  if (text === null) {
    return { text, catalog: undefined, ofSetup: undefined }
  }
  const { keys } = await kv.list({ prefix: catalogEntry })
  const metadata = keys.find(({ name }) => name === catalogEntry)?.metadata
  const parsed = parseCatalogText(text, registries)
  const catalog = 'catalog' in parsed ? parsed.catalog : undefined
  const isUnchanged = JSON.stringify(metadata) === JSON.stringify(ofSetup)
  return { text, catalog, ofSetup: isUnchanged ? catalog : undefined }
}

/** The KV that the catalog is written to, and whether one that is there is replaced. */
export interface PushOptions {
  kv: KeyValue
  deployed: DeployedCatalog
  questions: Questions | undefined
  /** Whether a catalog that others wrote is replaced without a question. */
  replaces: boolean
}

/** Writes the catalog, but replaces one that others wrote only with consent. */
export async function pushCatalog(
  catalog: Catalog,
  { kv, deployed, questions, replaces }: PushOptions,
): Promise<'written' | 'unchanged' | 'kept'> {
  const text = `${JSON.stringify(catalog, null, 2)}\n`
  if (deployed.text === text) {
    return 'unchanged'
  }
  if (deployed.text !== null && deployed.ofSetup === undefined && !replaces) {
    const question = `The gateway's catalog was changed after the setup wrote it. Replace it with one of ${listedIds(catalog).length} models?`
    if ((await questions?.confirm(question)) !== true) {
      return 'kept'
    }
  }
  await kv.put(catalogEntry, text, { metadata: ofSetup })
  return 'written'
}
