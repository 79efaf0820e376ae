/** `npm run catalog -- prices`: compares the prices of the catalog with models.dev, and updates them. */
import { lookUp } from '../../catalog/registries.ts'
import { toResolvedTarget } from '../../catalog/resolve/resolved-target.ts'
import type { Catalog } from '../../catalog/schema/catalog.ts'
import type { CatalogModel, CatalogTarget } from '../../catalog/schema/model.ts'
import { matchesAny } from '../../platform/model-pattern.ts'
import { printable } from '../platform/printable.ts'
import { readCatalogFile, registries, writeCatalogFile } from './catalog-file.ts'
import type { ModelsDev } from './models-dev.ts'
import { fetchModelsDev, findDevProvider, readDevModels } from './models-dev.ts'
import type { Change } from './proposal.ts'
import { applyChanges, compareFields } from './proposal.ts'

/** The options of `catalog prices`. */
export interface PricesOptions {
  /** The path of the catalog. */
  file: string
  /** A pattern of model ids, with `*` as wildcard. */
  match: string
  /** The URL of models.dev. */
  modelsDev: string
  /** Whether to write the changes. */
  update?: true
  json?: true
}

type Price = NonNullable<CatalogModel['price']>

/** Prints the differences, and writes them if `update` is set. Throws a UserError. */
export async function updatePrices(options: PricesOptions): Promise<void> {
  const { file, match, modelsDev, update } = options
  const { catalog } = await readCatalogFile(file)
  const all = await fetchModelsDev(modelsDev)
  const models = catalog.models.filter(({ id }) => matchesAny([match], id))
  const compared = models.map((model) => compare(catalog, model, all))
  const changes = compared.flatMap((each) => each.changes)
  const unknown = compared.flatMap(({ isKnown, id }) => (isKnown ? [] : [id]))
  const result = { models: models.length - unknown.length, changes, unknown }
  console.log(options.json ? JSON.stringify(result) : describe(result, options))
  if (update && changes.length > 0) {
    await writeCatalogFile(applyChanges(catalog, changes, true), file)
  }
}

interface PriceComparison {
  id: string
  /** Whether models.dev has a price for one of its targets. */
  isKnown: boolean
  changes: Change[]
}

/** The price of a model is that of its first target; a target whose price differs has its own. */
function compare(catalog: Catalog, model: CatalogModel, all: ModelsDev): PriceComparison {
  const { id, targets } = model
  const prices = targets.map((target) => findPrice(catalog, model, target, all))
  const [first] = prices
  const changes = prices.flatMap((price, index) => {
    const isOwn = targets[index]?.price !== undefined
    if (price === undefined || !(isOwn || index === 0 || differs(price, first))) {
      return []
    }
    return compareFields(model, id, {
      [isOwn || index > 0 ? `targets.${index}.price` : 'price']: price,
    })
  })
  return { id, isKnown: prices.some((price) => price !== undefined), changes }
}

function findPrice(
  catalog: Catalog,
  model: CatalogModel,
  target: CatalogTarget,
  all: ModelsDev,
): Price | undefined {
  if (target.model.includes('*')) {
    return undefined
  }
  const {
    baseUrl,
    secrets,
    fetch: answersHere,
  } = toResolvedTarget(catalog, registries, model, target)
  const preset = lookUp(registries.presets, catalog.providers[target.provider]?.preset)?.name
  const names = [target.provider, ...(preset === undefined ? [] : [preset])]
  const provider =
    answersHere === undefined ? findDevProvider(all, { names, baseUrl, secrets }) : undefined
  return provider === undefined
    ? undefined
    : readDevModels(all, provider).find((facts) => facts.model === target.model)?.price
}

function differs(price: Price, first: Price | undefined): boolean {
  return first !== undefined && JSON.stringify(price) !== JSON.stringify(first)
}

function describe(
  { models, changes, unknown }: { models: number; changes: readonly Change[]; unknown: string[] },
  { file, update }: PricesOptions,
): string {
  return [
    ...changes.map(toLine),
    `${changes.length} prices of ${models} models differ from models.dev.`,
    ...(unknown.length === 0
      ? []
      : [`models.dev has no price for: ${unknown.map(printable).join(', ')}.`]),
    ...(changes.length === 0 ? [] : [toEnd(file, update)]),
  ].join('\n')
}

function toLine(change: Change): string {
  if (change.kind === 'add') {
    return ''
  }
  const has = change.kind === 'differs' ? `${JSON.stringify(change.has)} → ` : '(none) → '
  return `${printable(change.id)}: ${change.field}: ${has}${JSON.stringify(change.value)}`
}

function toEnd(file: string, update?: true): string {
  return update
    ? `Wrote them to ${file}. Run npm run catalog -- push to deploy it.`
    : `Nothing was written. Use --update to write them to ${file}.`
}
