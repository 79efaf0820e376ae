/** Checks what a schema cannot: names must refer to something, and patterns must fit each other. */
import { append } from '../../platform/append.ts'
import { countWildcards } from '../../platform/model-pattern.ts'
import type { Registries } from '../registries.ts'
import { dialectFor, lookUp } from '../registries.ts'
import { resolveId, resolveModel, stripHint } from '../resolve/resolve.ts'
import type { Catalog } from '../schema/catalog.ts'
import type { CatalogModel, CatalogTarget } from '../schema/model.ts'
import { checkProvider, checkQuirks } from './check-provider.ts'
import { checkServerTools } from './check-server-tools.ts'
import { checkIdentity } from './check-sign-in.ts'
import type { Fault } from './fault.ts'

/** Returns all faults of a catalog that matches the schema. */
export function checkCatalog(catalog: Catalog, registries: Registries): Fault[] {
  const providers = Object.entries(catalog.providers)
  const aliases = Object.entries(catalog.aliases ?? {})
  return [
    ...providers.flatMap(([name, provider]) => checkProvider(name, provider, registries)),
    ...catalog.models.flatMap((model, index) => checkModel(catalog, model, index, registries)),
    ...aliases.flatMap(([alias, target]) => checkAlias(catalog, alias, target)),
    ...checkServerTools(catalog.server_tools, 'server_tools'),
    ...catalog.models.flatMap((model, index) =>
      checkServerTools(model.server_tools, `models.${index}.server_tools`),
    ),
    ...checkOwnModel(catalog, 'safeguards'),
    ...checkOwnModel(catalog, 'compaction'),
    ...checkIdentity(catalog.identity),
    ...checkAlerts(catalog),
  ]
}

function checkFallbacks(catalog: Catalog, { fallbacks = [] }: CatalogModel, path: string): Fault[] {
  return fallbacks.flatMap((name, at) =>
    resolveModel(catalog, name) === undefined
      ? [{ path: `${path}.${at}`, message: `unknown model: ${name}` }]
      : [],
  )
}

/** Checks the name of a model that the gateway itself asks. */
function checkOwnModel(catalog: Catalog, purpose: 'safeguards' | 'compaction'): Fault[] {
  const name = catalog[purpose]?.model
  return name === undefined || resolveModel(catalog, name) !== undefined
    ? []
    : [{ path: `${purpose}.model`, message: `unknown model: ${name}` }]
}

function checkAlerts({ alerts = [] }: Catalog): Fault[] {
  return alerts.flatMap(({ url_secret: secret }, index) => {
    const first = alerts.findIndex(({ url_secret: other }) => other === secret)
    const message = `must be unique: alerts.${first} has the same; list all kinds in its "on"`
    return first < index ? [{ path: `alerts.${index}.url_secret`, message }] : []
  })
}

function checkModel(
  catalog: Catalog,
  model: CatalogModel,
  index: number,
  registries: Registries,
): Fault[] {
  const path = `models.${index}`
  const faults = checkName(model.id).map((message) => ({ path: `${path}.id`, message }))
  const first = catalog.models.findIndex(({ id }) => id === model.id)
  if (first < index) {
    faults.push({ path: `${path}.id`, message: `must be unique: models.${first} has the same id` })
  }
  if (model.listed === true && model.id.includes('*')) {
    faults.push({ path: `${path}.listed`, message: 'must not be true for an id with a *' })
  }
  return [
    ...faults,
    ...checkFallbacks(catalog, model, `${path}.fallbacks`),
    ...model.targets.flatMap((target, at) =>
      checkTarget(catalog, model.id, target, { at: `${path}.targets.${at}`, registries }),
    ),
  ]
}

function checkTarget(
  { providers }: Catalog,
  id: string,
  { provider: name, model, quirks }: CatalogTarget,
  { at, registries }: { at: string; registries: Registries },
): Fault[] {
  const provider = lookUp(providers, name)
  const faults: Fault[] = []
  if (provider === undefined) {
    faults.push({
      path: `${at}.provider`,
      message: `unknown provider: ${name}`,
    })
  } else if (quirks !== undefined) {
    append(faults, checkQuirks(quirks, `${at}.quirks`, dialectFor(provider, model, registries)))
  }
  if (countWildcards(model) > countWildcards(id)) {
    faults.push({
      path: `${at}.model`,
      message: 'has more * than "id": it is replaced by what the * of "id" matched',
    })
  }
  return faults
}

function checkAlias(catalog: Catalog, alias: string, target: string): Fault[] {
  const path = `aliases.${alias}`
  const faults = checkName(alias).map((message) => ({ path, message }))
  if (catalog.models.some(({ id }) => id === alias)) {
    faults.push({ path, message: 'is never used: a model has this id' })
  }
  if (countWildcards(target) > countWildcards(alias)) {
    faults.push({
      path,
      message: 'has more * than the alias: it is replaced by what the * of the alias matched',
    })
  }
  if (resolveId(catalog, target) === undefined) {
    faults.push({ path, message: `unknown model: ${target}` })
  }
  return faults
}

/** Returns the faults of a model name or pattern. */
function checkName(name: string): string[] {
  const faults: string[] = []
  if (!/^[\x21-\x7e]{1,256}$/.test(name)) {
    faults.push('must be 1 to 256 printable ASCII characters without spaces')
  }
  if (countWildcards(name) > 1) {
    faults.push('must contain at most one *')
  }
  if (stripHint(name) !== name) {
    faults.push('must not end in [1m]: clients append that suffix, and the gateway strips it')
  }
  return faults
}
