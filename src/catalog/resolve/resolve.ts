/** Resolves the model name of a request to a catalog entry. Pure. */
import { matchWildcard } from '../../platform/model-pattern.ts'
import type { Catalog } from '../schema/catalog.ts'
import type { CatalogModel, CatalogTarget } from '../schema/model.ts'
import { isModelName } from './model-name.ts'

/** The catalog entry that a requested name means, and its targets. */
export interface Resolution {
  /** The model's own id: aliases and wildcards resolved. */
  id: string
  model: CatalogModel
  /** The targets in the catalog, with wildcards replaced. */
  targets: CatalogTarget[]
}

/**
 * Resolves a name by exact id, exact alias, longest wildcard alias, longest wildcard id, in this order.
 * Undefined if nothing matches (there is no silent default), and for a retired model.
 */
export function resolveModel(catalog: Catalog, name: string): Resolution | undefined {
  const found = findModel(catalog, name)
  return found?.model.lifecycle === 'retired' ? undefined : found
}

/**
 * Resolves a name as {@link resolveModel} does, but finds retired models too. Undefined for a string that is
 * no model name.
 */
export function findModel(catalog: Catalog, name: string): Resolution | undefined {
  if (!isModelName(name)) {
    return undefined
  }
  const requested = stripHint(name)
  const exact = catalog.models.some(({ id }) => id === requested)
  const id = exact ? requested : (resolveAlias(catalog.aliases ?? {}, requested) ?? requested)
  return resolveId(catalog, id)
}

/** Strips the suffix `[1m]` by which Claude Code asks for the long context, at times twice. */
export function stripHint(name: string): string {
  return name.replace(/(?<!\[1m\])(?:\[1m\])+$/i, '')
}

/** The id that an alias refers to; undefined for a name that is not an alias. */
function resolveAlias(aliases: Readonly<Record<string, string>>, name: string): string | undefined {
  if (Object.hasOwn(aliases, name)) {
    return aliases[name]
  }
  const pattern = longestMatch(Object.keys(aliases), name)
  return pattern === undefined ? undefined : fill(aliases[pattern] ?? '', pattern, name)
}

/** Resolves an id; aliases are not considered. */
export function resolveId({ models }: Catalog, id: string): Resolution | undefined {
  const pattern = models.some((model) => model.id === id)
    ? id
    : longestMatch(
        models.map((model) => model.id),
        id,
      )
  const model = models.find((candidate) => candidate.id === pattern)
  return model === undefined ? undefined : toResolution(model, id)
}

/** Undefined if the text matched by a `*` makes a target's name invalid, such as `..` in `tuned/*`. */
function toResolution(model: CatalogModel, id: string): Resolution | undefined {
  const targets = model.targets.map((target) => ({
    ...target,
    model: fill(target.model, model.id, id),
  }))
  const isLegal = !model.id.includes('*') || targets.every((target) => isModelName(target.model))
  return isLegal ? { id, model, targets: targets } : undefined
}

/** The longest matching pattern with a `*`; the first of two of equal length. */
function longestMatch(patterns: readonly string[], name: string): string | undefined {
  let longest: string | undefined
  for (const pattern of patterns) {
    const longer = longest === undefined || pattern.length > longest.length
    if (longer && pattern.includes('*') && matchWildcard(pattern, name) !== undefined) {
      longest = pattern
    }
  }
  return longest
}

/** Replaces the `*` of a template by the text that the pattern's `*` matched. */
function fill(template: string, pattern: string, name: string): string {
  return template.replace('*', () => matchWildcard(pattern, name) ?? '')
}
