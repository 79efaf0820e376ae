/** `npm run catalog -- discover PROVIDER`: what a provider serves, as changes to the catalogue. */
import { writeFile } from 'node:fs/promises'

import { parseCatalog } from '../../catalog/parse.ts'
import { lookUp } from '../../catalog/registries.ts'
import type { Catalog } from '../../catalog/schema.ts'
import type { Upstream } from '../../catalog/upstream.ts'
import { toUpstream } from '../../catalog/upstream.ts'
import { matchesAny } from '../../platform/model-pattern.ts'
import type { Preset } from '../../providers/preset.ts'
import { createAuthorizer } from '../../upstream/auth/auth.ts'
import { UserError } from '../platform/stop.ts'
import { readCatalogFile, registries } from './catalog-file.ts'
import { describeChanges } from './describe-changes.ts'
import { findSecret } from './local-secrets.ts'
import type { ModelFacts } from './model-facts.ts'
import { mergeFacts } from './model-facts.ts'
import { fetchModelList, listUrl } from './model-list.ts'
import { fetchModelsDev, findDevProvider, readDevModels } from './models-dev.ts'
import { applyChanges, propose } from './proposal.ts'

export interface DiscoverOptions {
  /** The catalogue. */
  file: string
  /** Names of models, `*` as wildcard. */
  match: string
  /** Where the public catalogue is; false for not at all. */
  modelsDev: string | false
  /** What the provider is called there; found out where it is not given. */
  as?: string
  write?: true
  /** With `write`, changes values that are there, too. */
  update?: true
  json?: true
}

/** Prints the changes, and writes them where that is asked for. Throws a UserError. */
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
    await write(applyChanges(known, changes, options.update === true), options.file)
  }
}

/** A preset that the catalogue does not name yet comes with its provider. */
function withProvider(catalog: Catalog, name: string): Catalog {
  if (Object.hasOwn(catalog.providers, name)) {
    return catalog
  }
  if (Object.hasOwn(registries.presets, name)) {
    return { ...catalog, providers: { ...catalog.providers, [name]: { preset: name } } }
  }
  throw new UserError(
    `There is no provider "${name}" in the catalogue, and no preset of that name.`,
  )
}

/** The provider as a model without a rule of its own would find it. */
function toListed(catalog: Catalog, name: string): Upstream {
  const target = { provider: name, model: '-' }
  const parsed = parseCatalog({ ...catalog, models: [], aliases: {} }, registries)
  if ('faults' in parsed) {
    throw new UserError(`The provider "${name}" needs a "base_url" in the catalogue first.`)
  }
  return toUpstream(catalog, registries, { id: name, targets: [target] }, target)
}

function presetOf({ providers }: Catalog, name: string): Preset | undefined {
  return lookUp(registries.presets, providers[name]?.preset)
}

/** Undefined, with a note, where the provider does not say. */
async function askProvider(
  { provider, baseUrl, dialect, auth, secrets, headers, fetch: answersHere }: Upstream,
  preset: Preset | undefined,
  notes: string[],
): Promise<ModelFacts[] | undefined> {
  if (answersHere !== undefined || preset?.hasModelList === false) {
    notes.push(`${provider} has no list of the models that can be called.`)
    return undefined
  }
  const secret = await findSecret(secrets)
  const url = listUrl(baseUrl, dialect)
  if (secret === undefined && secrets.length > 0) {
    notes.push(
      `${provider} was not asked: ${secrets.join(' or ')} is neither set nor in .dev.vars.`,
    )
    return undefined
  }
  try {
    const platform = { fetch, now: () => Date.now() }
    const authorize = createAuthorizer(platform)
    const signed = await authorize({ provider, style: auth, secret }, { url, headers, body: '' })
    const version = dialect.kind === 'pass-through' ? { 'anthropic-version': '2023-06-01' } : {}
    return await fetchModelList(url, { ...version, ...headers, ...signed })
  } catch (error) {
    notes.push(toNote(error))
    return undefined
  }
}

async function askModelsDev(
  { provider, baseUrl, secrets }: Upstream,
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
      notes.push(`models.dev does not know ${provider}; --as says what it is called there.`)
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

/** Never a catalogue that the Worker would refuse. */
async function write(catalog: Catalog, file: string): Promise<void> {
  const parsed = parseCatalog(catalog, registries)
  if ('faults' in parsed) {
    const [fault] = parsed.faults
    throw new UserError(`The changes would break the catalogue: ${fault?.path} ${fault?.message}`)
  }
  await writeFile(file, `${JSON.stringify(catalog, null, 2)}\n`)
}
