/** Checks what a schema cannot: names must refer to something, and patterns must fit each other. */
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
import { faultIf } from './fault.ts'

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
  return fallbacks.flatMap((name, at) => checkKnown(catalog, name, `${path}.${at}`))
}

/** Checks the name of a model that the gateway itself asks. */
function checkOwnModel(catalog: Catalog, purpose: 'safeguards' | 'compaction'): Fault[] {
  const name = catalog[purpose]?.model
  return name === undefined ? [] : checkKnown(catalog, name, `${purpose}.model`)
}

function checkKnown(catalog: Catalog, name: string, path: string): Fault[] {
  return faultIf(resolveModel(catalog, name) === undefined, path, `unknown model: ${name}`)
}

function checkAlerts({ alerts = [] }: Catalog): Fault[] {
  return alerts.flatMap(({ url_secret: secret }, index) => {
    const first = alerts.findIndex(({ url_secret: other }) => other === secret)
    const message = `must be unique: alerts.${first} has the same secret; list all kinds in its "on"`
    return faultIf(first < index, `alerts.${index}.url_secret`, message)
  })
}

function checkModel(
  catalog: Catalog,
  model: CatalogModel,
  index: number,
  registries: Registries,
): Fault[] {
  const path = `models.${index}`
  const first = catalog.models.findIndex(({ id }) => id === model.id)
  const isPattern = model.listed === true && model.id.includes('*')
  return [
    ...checkName(model.id, `${path}.id`),
    ...faultIf(first < index, `${path}.id`, `must be unique: models.${first} has the same id`),
    ...faultIf(isPattern, `${path}.listed`, 'must not be true for an id with a *'),
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
  const isWider = countWildcards(model) > countWildcards(id)
  const widthRule = 'has more * than "id"; each * is replaced by what a * of "id" matched'
  return [
    ...faultIf(provider === undefined, `${at}.provider`, `unknown provider: ${name}`),
    ...(provider === undefined || quirks === undefined
      ? []
      : checkQuirks(quirks, `${at}.quirks`, dialectFor(provider, model, registries))),
    ...faultIf(isWider, `${at}.model`, widthRule),
  ]
}

function checkAlias(catalog: Catalog, alias: string, target: string): Fault[] {
  const path = `aliases.${alias}`
  const isHidden = catalog.models.some(({ id }) => id === alias)
  const isWider = countWildcards(target) > countWildcards(alias)
  const widthRule = 'has more * than the alias; each * is replaced by what a * of the alias matched'
  return [
    ...checkName(alias, path),
    ...faultIf(isHidden, path, 'is never used: a model has this id'),
    ...faultIf(isWider, path, widthRule),
    ...faultIf(resolveId(catalog, target) === undefined, path, `unknown model: ${target}`),
  ]
}

/** Returns the faults of a model name or pattern. */
function checkName(name: string, path: string): Fault[] {
  const isUnprintable = !/^[\x21-\x7e]{1,256}$/.test(name)
  const hintRule = 'must not end in [1m]: clients append that suffix, and the gateway strips it'
  return [
    ...faultIf(isUnprintable, path, 'must be 1 to 256 printable ASCII characters without spaces'),
    ...faultIf(countWildcards(name) > 1, path, 'must contain at most one *'),
    ...faultIf(stripHint(name) !== name, path, hintRule),
  ]
}
