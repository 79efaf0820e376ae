/** From the model name that a client asks for to the entry that serves it. Pure. */
import { matchWildcard } from '../platform/model-pattern.ts'
import { isModelName } from './model-name.ts'
import type { Catalog, CatalogModel, CatalogTarget } from './schema.ts'

export interface Resolution {
  /** The model's own id: aliases and wildcards resolved. */
  id: string
  model: CatalogModel
  /** As listed in the catalog, wildcards filled in. */
  targets: CatalogTarget[]
}

/**
 * Exact id, exact alias, longest wildcard alias, longest wildcard id: the first that matches.
 * Undefined where nothing does, for there is no silent default, and for a model that is retired.
 */
export function resolveModel(catalog: Catalog, name: string): Resolution | undefined {
  const found = findModel(catalog, name)
  return found?.model.lifecycle === 'retired' ? undefined : found
}

/** As {@link resolveModel}, with retired models. What is not a legal name of a model finds nothing. */
export function findModel(catalog: Catalog, name: string): Resolution | undefined {
  if (!isModelName(name)) {
    return undefined
  }
  const asked = stripHint(name)
  const exact = catalog.models.some(({ id }) => id === asked)
  const id = exact ? asked : (resolveAlias(catalog.aliases ?? {}, asked) ?? asked)
  return resolveId(catalog, id)
}

/** Claude Code marks a request for the long context by a suffix of the model name, at times twice. */
export function stripHint(name: string): string {
  return name.replace(/(?:\[1m\])+$/i, '')
}

/** What an alias stands for; undefined for a name that is none. */
function resolveAlias(aliases: Readonly<Record<string, string>>, name: string): string | undefined {
  if (Object.hasOwn(aliases, name)) {
    return aliases[name]
  }
  const pattern = longestMatch(Object.keys(aliases), name)
  return pattern === undefined ? undefined : fill(aliases[pattern] ?? '', pattern, name)
}

/** The model of that id, which no alias stands for any more. */
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

/** Undefined where what a client put for a `*` makes a target's name illegal: `..` in `tuned/*`. */
function toResolution(model: CatalogModel, id: string): Resolution | undefined {
  const targets = model.targets.map((target) => ({
    ...target,
    model: fill(target.model, model.id, id),
  }))
  const isLegal = !model.id.includes('*') || targets.every((target) => isModelName(target.model))
  return isLegal ? { id, model, targets: targets } : undefined
}

/** The longest pattern that holds a `*` and matches; of two that are as long, the first. */
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

/** Puts what a pattern's `*` matched for the `*` of a template. */
function fill(template: string, pattern: string, name: string): string {
  return template.replace('*', () => matchWildcard(pattern, name) ?? '')
}
