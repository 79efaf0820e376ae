import { asObject } from '../../anthropic/json.ts'
import type { SearchBackEnd } from './back-end.ts'
import { readHits, withSiteOperators } from './read-hits.ts'

/** The limit of `q` (the reference). */
const maxQueryCharacters = 400

/** Web search by Brave. */
export const search: SearchBackEnd = {
  docs: 'https://api-dashboard.search.brave.com/app/documentation/web-search/get-started',
  baseUrl: 'https://api.search.brave.com/res/v1',
  secret: 'BRAVE_API_KEY',
  // https://brave.com/search/api/
  price: 5,
  toRequest: (searchQuery, { baseUrl, key }) => {
    const query = new URLSearchParams({
      q: withSiteOperators(searchQuery).slice(0, maxQueryCharacters),
      count: String(Math.min(searchQuery.maxResults, 20)),
      extra_snippets: 'true',
      result_filter: 'web',
    })
    if (searchQuery.location?.country !== undefined) {
      query.set('country', searchQuery.location.country)
    }
    return {
      url: `${baseUrl}/web/search?${query.toString()}`,
      headers: { 'x-subscription-token': key ?? '' },
      body: undefined,
    }
  },
  // Nothing found: there is no `web` at all.
  read: (body) =>
    asObject(body)?.['type'] === 'search' || asObject(body)?.['web'] !== undefined
      ? readHits(asObject(asObject(body)?.['web'])?.['results'] ?? [], {
          text: ['description', 'extra_snippets'],
          date: 'page_age',
        })
      : undefined,
}
