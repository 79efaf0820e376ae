/**
 * `GET /v1/models` and `GET /v1/models/{id}`, from the catalog alone, because Claude Code waits only
 * three seconds for the list. Pagination is exact: SDKs fetch pages as long as `has_more` is true.
 */
import { GatewayError, invalidAt } from '../anthropic/error.ts'
import type { ModelInfo, ModelSource } from './model-info.ts'
import { createdAt, toModelInfo } from './model-info.ts'
import { findModel, stripHint } from './resolve/resolve.ts'
import type { Catalog } from './schema/catalog.ts'

/** The catalog, with what its names refer to. */
export interface CatalogSource extends ModelSource {
  catalog: Catalog
}

/** One page of the list of models. */
export interface ModelPage {
  data: ModelInfo[]
  has_more: boolean
  first_id: string | null
  last_id: string | null
}

/**
 * Returns one page, newest first, of the listed models that a key may use.
 * Throws a GatewayError `invalid_request` in Anthropic's wording.
 */
export function listModels(
  source: CatalogSource,
  query: URLSearchParams,
  isAllowed: (...names: string[]) => boolean,
): ModelPage {
  const lifecycles = readLifecycles(query)
  const all = listAllowedModels(source.catalog, isAllowed)
    .filter(({ lifecycle }) => lifecycles.includes(lifecycle ?? 'active'))
    .toSorted((a, b) => Date.parse(createdAt(b)) - Date.parse(createdAt(a)))
    .map((model) => toModelInfo({ id: model.id, model, targets: model.targets }, source))
  return toPage(all, query)
}

/** The models that are listed for a key, whatever their lifecycle. */
export function listAllowedModels(
  catalog: Catalog,
  isAllowed: (...names: string[]) => boolean,
): Catalog['models'] {
  return catalog.models.filter(
    ({ id, listed }) => listed !== false && !id.includes('*') && isAllowed(id),
  )
}

/**
 * Describes a model by id or alias, under its own id. A model that the key may not use does not exist for it.
 * Throws a GatewayError `unknown_model`.
 */
export function describeModel(
  source: CatalogSource,
  name: string,
  isAllowed: (...names: string[]) => boolean,
): ModelInfo {
  const found = findModel(source.catalog, name)
  if (found === undefined || !isAllowed(stripHint(name), found.id)) {
    throw new GatewayError({ kind: 'unknown_model', model: name })
  }
  return toModelInfo(found, source)
}

function toPage(all: readonly ModelInfo[], query: URLSearchParams): ModelPage {
  const limit = readLimit(query)
  const after = findCursor(all, query, 'after_id')
  const before = findCursor(all, query, 'before_id')
  if (after !== undefined && before !== undefined) {
    throw invalidAt('before_id', 'cannot be combined with after_id')
  }
  const end = before ?? all.length
  const start = before === undefined ? (after ?? -1) + 1 : Math.max(0, before - limit)
  const data = all.slice(start, Math.min(end, start + limit))
  return {
    data,
    has_more: before === undefined ? start + limit < all.length : start > 0,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  }
}

function findCursor(
  all: readonly ModelInfo[],
  query: URLSearchParams,
  field: string,
): number | undefined {
  const id = query.get(field)
  if (id === null || id === '') {
    return undefined
  }
  const index = all.findIndex((model) => model.id === id)
  if (index === -1) {
    throw invalidAt(field, `unknown model ${id}; use an id of this list`)
  }
  return index
}

function readLimit(query: URLSearchParams): number {
  const text = query.get('limit') ?? '20'
  if (!/^[+-]?\d+$/.test(text)) {
    throw invalidAt(
      'limit',
      'Input should be a valid integer, unable to parse string as an integer',
    )
  }
  const limit = Number(text)
  if (limit < 1) {
    throw invalidAt('limit', 'Input should be greater than or equal to 1')
  }
  if (limit > 1000) {
    throw invalidAt('limit', 'Input should be less than or equal to 1000')
  }
  return limit
}

function readLifecycles(query: URLSearchParams): string[] {
  const lifecycles = [...query.getAll('lifecycle[]'), ...query.getAll('lifecycle')]
  if (lifecycles.some((stage) => !['active', 'deprecated', 'retired'].includes(stage))) {
    throw invalidAt('lifecycle', "Input should be 'active', 'deprecated' or 'retired'")
  }
  return lifecycles.length === 0 ? ['active', 'deprecated'] : lifecycles
}
