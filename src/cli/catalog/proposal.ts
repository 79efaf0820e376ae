/** Compares the models found with the catalog: entries to add, fields to fill in, values that differ. */
import { isObject } from '../../anthropic/json.ts'
import type { Catalog } from '../../catalog/schema/catalog.ts'
import type { CatalogModel } from '../../catalog/schema/model.ts'
import { defined } from '../../platform/defined.ts'
import { isChatModel } from './model-facts.ts'
import type { ModelFacts } from './model-facts.ts'

/** One change to the catalog. Fields are dotted paths: `capabilities.thinking`. */
export type Change =
  | { kind: 'add'; entry: CatalogModel }
  | { kind: 'fill'; id: string; field: string; value: unknown }
  /** An operator's value, changed only with `--update`. */
  | { kind: 'differs'; id: string; field: string; value: unknown; has: unknown }

/** Proposes changes for the models of `provider`, a name in the catalog. */
export function propose(
  catalog: Catalog,
  provider: string,
  found: readonly ModelFacts[],
): Change[] {
  return found.filter(isChatModel).flatMap((facts) => {
    const entries = catalog.models.filter(
      ({ targets: [first] }) => first?.provider === provider && first.model === facts.model,
    )
    return entries.length === 0
      ? toAddition(catalog, provider, facts)
      : entries.flatMap((entry) => compare(entry, facts))
  })
}

function toAddition(catalog: Catalog, provider: string, facts: ModelFacts): Change[] {
  const id = `${provider}/${facts.model}`
  // Ids that are invalid in a catalog are not proposed.
  const isValid = /^[\x21-\x29\x2b-\x7e]{1,256}$/.test(id)
  const isTaken = catalog.models.some((model) => model.id === id)
  const entry = { id, ...toFields(facts), targets: [{ provider, model: facts.model }] }
  return isValid && !isTaken ? [{ kind: 'add', entry }] : []
}

function toFields(facts: ModelFacts): Omit<CatalogModel, 'id' | 'targets'> {
  const { displayName, createdAt, maxInputTokens, maxOutputTokens, capabilities, price } = facts
  return {
    ...defined({
      display_name: displayName,
      created_at: createdAt,
      max_input_tokens: maxInputTokens,
      max_tokens: maxOutputTokens,
    }),
    ...(Object.keys(capabilities).length === 0 ? {} : { capabilities }),
    ...(price === undefined ? {} : { price }),
  }
}

/** Compares an entry with the facts; its display name and date are the operator's choice. */
function compare(entry: CatalogModel, facts: ModelFacts): Change[] {
  const { display_name: _name, created_at: _date, ...fields } = toFields(facts)
  return compareFields(entry, entry.id, fields)
}

/** Compares fields, by dotted paths, with those of an entry; the fields of an object are compared one by one. */
export function compareFields(entry: CatalogModel, id: string, fields: object): Change[] {
  return flatten(fields).flatMap(([field, value]): Change[] => {
    const has = readAt(entry, field)
    if (has === undefined) {
      return [{ kind: 'fill', id, field, value }]
    }
    return JSON.stringify(has) === JSON.stringify(value)
      ? []
      : [{ kind: 'differs', id, field, value, has }]
  })
}

function flatten(fields: object): [string, unknown][] {
  return Object.entries(fields).flatMap(([field, value]): [string, unknown][] =>
    isObject(value)
      ? Object.entries(value).map(([inner, each]) => [`${field}.${inner}`, each])
      : [[field, value]],
  )
}

function readAt(entry: CatalogModel, field: string): unknown {
  return field.split('.').reduce<unknown>(readKey, entry)
}

function readKey(value: unknown, key: string): unknown {
  if (Array.isArray(value)) {
    return value[Number(key)]
  }
  return isObject(value) ? value[key] : undefined
}

/** Applies changes to the catalog; with `all`, also those that replace an existing value. */
export function applyChanges(catalog: Catalog, changes: readonly Change[], all: boolean): Catalog {
  const models = catalog.models.map((entry) => {
    const own = changes.filter(
      (change) =>
        change.kind !== 'add' && change.id === entry.id && (all || change.kind === 'fill'),
    )
    return own.reduce(withChange, entry)
  })
  const added = changes.flatMap((each) => (each.kind === 'add' ? [each.entry] : []))
  const wildcard = models.findIndex(({ id }) => id.includes('*'))
  return {
    ...catalog,
    models: models.toSpliced(wildcard < 0 ? models.length : wildcard, 0, ...added),
  }
}

function withChange(entry: CatalogModel, each: Change): CatalogModel {
  if (each.kind === 'add') {
    return entry
  }
  const [field = '', ...path] = each.field.split('.')
  return { ...entry, [field]: withValue(readAt(entry, field), path, each.value) }
}

/** A copy of a value with another value at a path in it. */
function withValue(value: unknown, [key, ...path]: readonly string[], leaf: unknown): unknown {
  if (key === undefined) {
    return leaf
  }
  const inner = withValue(readKey(value, key), path, leaf)
  return Array.isArray(value)
    ? value.with(Number(key), inner)
    : { ...(isObject(value) ? value : {}), [key]: inner }
}
