/** Fetches a provider's model list, page by page. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, asString, isObject } from '../../anthropic/json.ts'
import type { ResolvedTarget } from '../../catalog/resolve/resolved-target.ts'
import { createAuthorizer } from '../../upstream/auth/auth.ts'
import { fetchJson } from './fetch-json.ts'
import { readListedModel } from './listed-model.ts'
import type { ModelFacts } from './model-facts.ts'

/** The limit on pages, in case a server's pagination never ends. */
const maxPages = 50

/** Asks a provider for its models. `secret`: undefined where none is needed. Throws a UserError if it does not answer. */
export async function listModels(
  { provider, baseUrl, dialect, auth, headers }: ResolvedTarget,
  secret: string | undefined,
  timeoutMs?: number,
): Promise<ModelFacts[]> {
  const isAnthropic = dialect.kind === 'pass-through'
  const url = isAnthropic ? `${baseUrl}/v1/models?limit=1000` : `${baseUrl}/models`
  const version = isAnthropic ? { 'anthropic-version': '2023-06-01' } : {}
  const authorize = createAuthorizer({ fetch, now: () => Date.now() })
  const signed = await authorize({ provider, style: auth, secret }, { url, headers, body: '' })
  return fetchModelList(url, { ...version, ...headers, ...signed }, timeoutMs)
}

/** Fetches every model of the list, without duplicates. Throws a UserError if a page cannot be fetched. */
export async function fetchModelList(
  url: string,
  headers: Record<string, string>,
  timeoutMs?: number,
): Promise<ModelFacts[]> {
  const models = new Map<string, ModelFacts>()
  let next: string | undefined = url
  for (let page = 0; next !== undefined && page < maxPages; page += 1) {
    const body: unknown = await fetchJson(next, headers, timeoutMs)
    for (const facts of readModelList(body)) {
      models.set(facts.model, models.get(facts.model) ?? facts)
    }
    next = nextPage(url, body)
  }
  return [...models.values()]
}

/** Reads the models of one page. */
export function readModelList(body: unknown): ModelFacts[] {
  return entriesOf(body).flatMap((entry) => readListedModel(entry) ?? [])
}

/** Finds the entries of a page. Local servers list their models twice, with more detail in `data`. */
function entriesOf(body: unknown): JsonObject[] {
  const holder = asObject(body)
  const lists = [body, holder?.['data'], holder?.['models'], holder?.['result']]
  return (lists.find((list) => Array.isArray(list)) ?? []).filter(isObject)
}

function nextPage(url: string, body: unknown): string | undefined {
  const { nextPageToken, has_more: hasMore, last_id: lastId } = asObject(body) ?? {}
  const next = new URL(url)
  if (asString(nextPageToken)) {
    next.searchParams.set('pageToken', String(nextPageToken))
    return next.href
  }
  if (hasMore === true && asString(lastId)) {
    next.searchParams.set('after_id', String(lastId))
    return next.href
  }
  return undefined
}
