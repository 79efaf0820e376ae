/**
 * A search that the provider ran: OpenAI's `web_search_call`, with the sources that `include` asks for
 * (https://platform.openai.com/docs/guides/tools-web-search), or `search_results`, which has the pages
 * (https://docs.perplexity.ai/api-reference/responses-post). Pages that the model opens belong to no search.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asObject, asString, isObject } from '../../../anthropic/json.ts'
import type { PartBuilder } from '../../shared/answer/part-builder.ts'
import type { FoundPage, FoundSearch } from '../../web-search.ts'

/** Builds the parts of one web search. */
export class SearchItem {
  readonly kind = 'search'
  readonly #parts: PartBuilder

  constructor(parts: PartBuilder) {
    this.#parts = parts
  }

  /** Ends the item; `final` is absent if the answer ended first. */
  end(final: JsonObject | undefined): void {
    const found = final && readSearch(final)
    if (found !== undefined) {
      this.#parts.search(found)
    }
  }
}

function readSearch({
  type,
  action,
  status,
  queries,
  results,
}: JsonObject): FoundSearch | undefined {
  if (type === 'search_results') {
    return { query: joinQueries(queries), pages: toPages(results), isNumbered: true }
  }
  const search = asObject(action)
  if (search?.['type'] !== 'search') {
    return undefined
  }
  const pages = status === 'failed' ? undefined : toPages(search['sources'])
  const query = asString(search['query']) || joinQueries(search['queries'])
  return { query, pages, isNumbered: false }
}

function joinQueries(queries: unknown): string {
  return asArray(queries)
    .filter((query) => typeof query === 'string')
    .join('; ')
}

function toPages(sources: unknown): FoundPage[] {
  return asArray(sources)
    .filter(isObject)
    .flatMap(({ url, title, snippet, date }) =>
      typeof url === 'string'
        ? [{ url, title: asString(title), text: asString(snippet), date: asString(date) }]
        : [],
    )
}
