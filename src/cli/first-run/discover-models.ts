/**
 * Discovers the models that this machine can use, by requesting the list of every usable provider
 * in parallel.
 */
import type { Registries } from '../../catalog/registries.ts'
import { toResolvedTarget } from '../../catalog/resolve/resolved-target.ts'
import type { Catalog } from '../../catalog/schema/catalog.ts'
import { registries } from '../catalog/catalog-file.ts'
import { isChatModel, mergeFacts } from '../catalog/model-facts.ts'
import type { ModelFacts } from '../catalog/model-facts.ts'
import { listModels } from '../catalog/model-list.ts'
import { fetchModelsDev, findDevProvider, readDevModels } from '../catalog/models-dev.ts'
import type { ModelsDev } from '../catalog/models-dev.ts'
import { UserError } from '../platform/run-command.ts'
import type { UsableProvider } from './usable-providers.ts'
import { usableProviders } from './usable-providers.ts'
import type { DiscoveredProvider } from './with-discovered.ts'

/** The providers and models that were found, and notes for the operator on those that failed. */
export interface Discovery {
  found: DiscoveredProvider[]
  /** A sentence for each hosted provider whose request failed, e.g. because its key is invalid. */
  notes: string[]
}

/** The places to look in: presets, secrets by name, and the URL of models.dev, or false for none. */
export interface DiscoveryOptions {
  /** The vendors to look for. */
  presets: Registries['presets']
  findSecret: (name: string) => string | undefined
  /** The URL of models.dev's document; false to skip it. */
  modelsDev: string | false
}

/**
 * The timeout for local servers in milliseconds, since the start must not wait for one that hangs.
 */
const localTimeoutMs = 1_000
const hostedTimeoutMs = 5_000

/**
 * Discovers models. Does not throw if a provider fails: it has no models then, and there is a note.
 */
export async function discoverModels({
  presets,
  findSecret,
  modelsDev,
}: DiscoveryOptions): Promise<Discovery> {
  const { hosted, local } = usableProviders(presets, findSecret)
  const notes: string[] = []
  const facts = hosted.length === 0 || modelsDev === false ? undefined : readFacts(modelsDev)
  const candidates = [
    ...hosted.map(async (provider): Promise<DiscoveredProvider> => {
      const listed = await listChatModels(provider, hostedTimeoutMs).catch((error: unknown) => {
        notes.push(`${provider.name}: ${toSentence(error)} Check ${provider.secret?.name}.`)
        return []
      })
      return toDiscovered(provider, withFacts(provider, listed, await facts), true)
    }),
    ...local.map(async (provider): Promise<DiscoveredProvider> => {
      // Nothing listens there, or something else does, which is not worth a note at every start.
      const listed = await listChatModels(provider, localTimeoutMs).catch(() => [])
      return toDiscovered(provider, listed, false)
    }),
  ]
  const found = (await Promise.all(candidates)).filter(({ models }) => models.length > 0)
  return { found, notes: notes.toSorted() }
}

async function listChatModels(provider: UsableProvider, timeoutMs: number): Promise<ModelFacts[]> {
  const { name, preset, baseUrl, secret } = provider
  const catalog: Catalog = {
    version: 1,
    providers: { [name]: { preset: name, base_url: baseUrl } },
    models: [],
  }
  const target = { provider: name, model: '-' }
  const known = { ...registries, presets: { [name]: preset } }
  const upstream = toResolvedTarget(catalog, known, { id: name, targets: [target] }, target)
  return (await listModels(upstream, secret?.value, timeoutMs)).filter(isChatModel)
}

/**
 * Fetches prices and limits that providers' own lists do not have; undefined if they are
 * unavailable.
 */
function readFacts(url: string): Promise<ModelsDev | undefined> {
  return fetchModelsDev(url, hostedTimeoutMs).catch(() => undefined)
}

function withFacts(
  { name, baseUrl, secret }: UsableProvider,
  listed: readonly ModelFacts[],
  all: ModelsDev | undefined,
): ModelFacts[] {
  const secrets = secret === undefined ? [] : [secret.name]
  const there = all && findDevProvider(all, { names: [name], baseUrl, secrets })
  const described = new Map(
    (all && there ? readDevModels(all, there) : []).map((each) => [each.model, each]),
  )
  return listed.map((each) => mergeFacts(each, described.get(each.model))).filter(isChatModel)
}

function toDiscovered(
  { name, baseUrl }: UsableProvider,
  models: readonly ModelFacts[],
  isHosted: boolean,
): DiscoveredProvider {
  return { provider: name, baseUrl, isHosted, models }
}

function toSentence(error: unknown): string {
  if (error instanceof UserError) {
    return /[.!?]$/.test(error.message) ? error.message : `${error.message}.`
  }
  throw error
}
