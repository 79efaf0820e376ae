/** What a change of the catalog means, in sentences for its author. Pure. */
import type { Catalog } from '../schema/catalog.ts'
import type { CatalogModel } from '../schema/model.ts'

/** Describes the differences of two catalogs; empty if they serve the same. */
export function describeDifferences(before: Catalog, after: Catalog): string[] {
  return [
    ...describeEntries('Provider', before.providers, after.providers),
    ...describeModels(before.models, after.models),
    ...describeAliases(before.aliases ?? {}, after.aliases ?? {}),
    ...describeRest(before, after),
  ]
}

function describeEntries(
  what: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  const [old, names] = [new Map(Object.entries(before)), new Map(Object.entries(after))]
  return [
    ...[...names.keys()]
      .filter((name) => !old.has(name))
      .map((name) => `${what} ${name} is added.`),
    ...[...old.keys()]
      .filter((name) => !names.has(name))
      .map((name) => `${what} ${name} is removed.`),
    ...[...names]
      .filter(([name, value]) => old.has(name) && !isSame(old.get(name), value))
      .map(([name]) => `${what} ${name} is changed.`),
  ]
}

function describeModels(before: readonly CatalogModel[], after: readonly CatalogModel[]): string[] {
  const byId = (models: readonly CatalogModel[]) =>
    new Map(models.map((model) => [model.id, model]))
  return describeEach('Model', byId(before), byId(after), (known, model) =>
    known === undefined
      ? [`Model ${model.id} is added, served by ${toTargets(model)}.`]
      : describeModel(known, model),
  )
}

/** Describes each entry of `after`, with the one before of its name, and names those that are gone. */
function describeEach<Value>(
  what: string,
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
  describe: (known: Value | undefined, value: Value, name: string) => string[],
): string[] {
  const gone = [...before.keys()].filter((name) => !after.has(name))
  return [
    ...[...after].flatMap(([name, value]) => describe(before.get(name), value, name)),
    ...gone.map((name) => `${what} ${name} is removed.`),
  ]
}

function describeModel(before: CatalogModel, after: CatalogModel): string[] {
  if (isSame(before, after)) {
    return []
  }
  const [from, to] = [toTargets(before), toTargets(after)]
  if (from !== to) {
    return [`Model ${after.id} is served by ${to}; before, by ${from}.`]
  }
  const fields = Object.keys({ ...before, ...after }).filter(
    (field) => !isSame(Reflect.get(before, field), Reflect.get(after, field)),
  )
  return [`Model ${after.id} has a different ${fields.join(', ')}.`]
}

function toTargets({ targets }: CatalogModel): string {
  return targets.map(({ provider, model }) => `${provider}/${model}`).join(', then ')
}

function describeAliases(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  const [old, aliases] = [new Map(Object.entries(before)), new Map(Object.entries(after))]
  return describeEach('Alias', old, aliases, (known, model, alias) => {
    if (known === model) {
      return []
    }
    return known === undefined
      ? [`Alias ${alias} is added and resolves to ${model}.`]
      : [`Alias ${alias} resolves to ${model}; before, to ${known}.`]
  })
}

const described = new Set(['version', 'providers', 'models', 'aliases'])

function describeRest(before: Catalog, after: Catalog): string[] {
  return Object.keys({ ...before, ...after })
    .filter((field) => !described.has(field))
    .filter((field) => !isSame(Reflect.get(before, field), Reflect.get(after, field)))
    .map((field) => `The settings ${field} are changed.`)
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
