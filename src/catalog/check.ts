import { countWildcards } from '../platform/model-pattern.ts'
/** What a catalog's shape cannot say: names that must exist, and values that must make sense. */
import { checkProvider, checkQuirks } from './check-provider.ts'
import type { Fault } from './fault.ts'
import type { Registries } from './registries.ts'
import { dialectFor, lookUp } from './registries.ts'
import { resolveId, stripHint } from './resolve.ts'
import type { Catalog, CatalogModel, CatalogTarget } from './schema.ts'

/** Everything that is wrong with a catalog of the right shape. */
export function checkCatalog(catalog: Catalog, registries: Registries): Fault[] {
  const providers = Object.entries(catalog.providers)
  const aliases = Object.entries(catalog.aliases ?? {})
  return [
    ...providers.flatMap(([name, provider]) => checkProvider(name, provider, registries)),
    ...catalog.models.flatMap((model, index) => checkModel(catalog, model, index, registries)),
    ...aliases.flatMap(([alias, target]) => checkAlias(catalog, alias, target)),
  ]
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
    faults.push({ path: `${path}.id`, message: `models.${first} has the same id` })
  }
  if (model.listed === true && model.id.includes('*')) {
    faults.push({ path: `${path}.listed`, message: 'an id with a * cannot be listed' })
  }
  return [
    ...faults,
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
      message: `there is no provider of that name under "providers": ${name}`,
    })
  } else if (quirks !== undefined) {
    faults.push(...checkQuirks(quirks, `${at}.quirks`, dialectFor(provider, model, registries)))
  }
  if (countWildcards(model) > countWildcards(id)) {
    faults.push({
      path: `${at}.model`,
      message: 'a * stands for what the * of the id matched, and here is one too many',
    })
  }
  return faults
}

function checkAlias(catalog: Catalog, alias: string, target: string): Fault[] {
  const path = `aliases.${alias}`
  const faults = checkName(alias).map((message) => ({ path, message }))
  if (catalog.models.some(({ id }) => id === alias)) {
    faults.push({ path, message: 'a model has this id, so the alias would never be used' })
  }
  if (countWildcards(target) > countWildcards(alias)) {
    faults.push({
      path,
      message: 'a * stands for what the * of the alias matched, and here is one too many',
    })
  }
  if (resolveId(catalog, target) === undefined) {
    faults.push({ path, message: `there is no model of that id under "models": ${target}` })
  }
  return faults
}

/** What is wrong with a model name or a pattern of names. */
function checkName(name: string): string[] {
  const faults: string[] = []
  if (!/^[\x21-\x7e]{1,256}$/.test(name)) {
    faults.push('must be 1 to 256 printable ASCII characters without spaces')
  }
  if (countWildcards(name) > 1) {
    faults.push('may hold one * at most')
  }
  if (stripHint(name) !== name) {
    faults.push('may not end in [1m]: clients add that, and it is stripped')
  }
  return faults
}
