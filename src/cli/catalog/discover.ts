/** `npm run catalog -- discover PROVIDER`: proposes catalog entries for the models that a provider serves. */
import { parseCatalog } from '../../catalog/parse.ts'
import { lookUp } from '../../catalog/registries.ts'
import type { ResolvedTarget } from '../../catalog/resolve/resolved-target.ts'
import { toResolvedTarget } from '../../catalog/resolve/resolved-target.ts'
import type { Catalog } from '../../catalog/schema/catalog.ts'
import { matchesAny } from '../../platform/model-pattern.ts'
import type { Preset } from '../../providers/preset.ts'
import { UserError } from '../platform/run-command.ts'
import { readCatalogFile, registries, writeCatalogFile } from './catalog-file.ts'
import { describeChanges } from './describe-changes.ts'
import { findSecret } from './local-secrets.ts'
import type { ModelFacts } from './model-facts.ts'
import { mergeFacts } from './model-facts.ts'
import { listModels } from './model-list.ts'
import { fetchModelsDev, findDevProvider, readDevModels } from './models-dev.ts'
import { applyChanges, propose } from './proposal.ts'

/** The options of `catalog discover`. */
export interface DiscoverOptions {
  /** The path of the catalog. */
  file: string
  /** A pattern of model names, with `*` as wildcard. */
  match: string
  /** The URL of models.dev; false to skip it. */
  modelsDev: string | false
  /** The provider's name at models.dev; detected if absent. */
  as?: string
  write?: true
  /** Whether `write` also changes existing values. */
  update?: true
  json?: true
}

/** Prints the changes, and writes them if `write` is set. Throws a UserError. */
export async function discover(name: string, options: DiscoverOptions): Promise<void> {
  const { catalog } = await readCatalogFile(options.file)
  const known = withProvider(catalog, name)
  const upstream = toListed(known, name)
  const notes: string[] = []
  const listed = await askProvider(upstream, presetOf(known, name), notes)
  const described = await askModelsDev(upstream, known, options, notes)
  const found = (listed ?? described)
    .map((facts) =>
      mergeFacts(
        facts,
        described.find(({ model }) => model === facts.model),
      ),
    )
    .filter(({ model }) => matchesAny([options.match], model))
  if (listed === undefined && described.length === 0) {
    throw new UserError(notes.join('\n'))
  }
  const changes = propose(known, name, found)
  const result = { provider: name, models: found.length, notes, changes }
  console.log(options.json ? JSON.stringify(result) : describeChanges(result, options))
  if (options.write) {
    await writeCatalogFile(applyChanges(known, changes, options.update === true), options.file)
  }
}

/** Adds a provider for a preset that the catalog does not name yet. */
function withProvider(catalog: Catalog, name: string): Catalog {
  if (Object.hasOwn(catalog.providers, name)) {
    return catalog
  }
  if (Object.hasOwn(registries.presets, name)) {
    return { ...catalog, providers: { ...catalog.providers, [name]: { preset: name } } }
  }
  throw new UserError(
    `Unknown provider "${name}": it is neither a provider of the catalog nor a preset.`,
  )
}

/** Resolves the provider as for a model without overrides. */
function toListed(catalog: Catalog, name: string): ResolvedTarget {
  const target = { provider: name, model: '-' }
  const parsed = parseCatalog({ ...catalog, models: [], aliases: {} }, registries)
  if ('faults' in parsed) {
    throw new UserError(`The provider "${name}" requires a "base_url" in the catalog.`)
  }
  return toResolvedTarget(catalog, registries, { id: name, targets: [target] }, target)
}

function presetOf({ providers }: Catalog, name: string): Preset | undefined {
  return lookUp(registries.presets, providers[name]?.preset)
}

/** Fetches the provider's model list; undefined, with a note, if there is none. */
async function askProvider(
  upstream: ResolvedTarget,
  preset: Preset | undefined,
  notes: string[],
): Promise<ModelFacts[] | undefined> {
  const { provider, secrets, fetch: answersHere } = upstream
  if (answersHere !== undefined || preset?.hasModelList === false) {
    notes.push(`${provider} has no model list.`)
    return undefined
  }
  const secret = await findSecret(secrets)
  if (secret === undefined && secrets.length > 0) {
    notes.push(
      `The model list of ${provider} was not fetched: ${secrets.join(' or ')} is not set in the environment or in .dev.vars.`,
    )
    return undefined
  }
  try {
    return await listModels(upstream, secret)
  } catch (error) {
    notes.push(toNote(error))
    return undefined
  }
}

async function askModelsDev(
  { provider, baseUrl, secrets }: ResolvedTarget,
  catalog: Catalog,
  options: DiscoverOptions,
  notes: string[],
): Promise<ModelFacts[]> {
  if (options.modelsDev === false) {
    return []
  }
  try {
    const all = await fetchModelsDev(options.modelsDev)
    const preset = presetOf(catalog, provider)?.name
    const names =
      options.as === undefined
        ? [provider, ...(preset === undefined ? [] : [preset])]
        : [options.as]
    const there = findDevProvider(all, { names, baseUrl, secrets })
    if (there === undefined) {
      notes.push(`models.dev has no provider ${provider}. Give its name there with --as.`)
    }
    return there === undefined ? [] : readDevModels(all, there)
  } catch (error) {
    notes.push(toNote(error))
    return []
  }
}

function toNote(error: unknown): string {
  if (error instanceof UserError) {
    return error.message
  }
  throw error
}
