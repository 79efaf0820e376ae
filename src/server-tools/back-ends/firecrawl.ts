import { asObject, asString } from '../../anthropic/json.ts'
import type { FetchBackEnd, SearchBackEnd } from './back-end.ts'
import { readHits, withSiteOperators } from './read-hits.ts'

const baseUrl = 'https://api.firecrawl.dev'
const secret = 'FIRECRAWL_API_KEY'

/**
 * The prices in USD per 1,000 requests, by credits of the smallest plan: two for ten results, one a page
 * (https://www.firecrawl.dev/pricing).
 */
const price = { search: 10, fetch: 5 }

/** Web search by Firecrawl. */
export const search: SearchBackEnd = {
  docs: 'https://docs.firecrawl.dev/api-reference/endpoint/search',
  baseUrl,
  secret,
  price: price.search,
  toRequest: (searchQuery, access) => ({
    url: `${access.baseUrl}/v2/search`,
    headers: { authorization: `Bearer ${access.key ?? ''}` },
    body: {
      query: withSiteOperators(searchQuery),
      limit: Math.min(searchQuery.maxResults, 100),
      ...(searchQuery.location?.country === undefined
        ? {}
        : { country: searchQuery.location.country }),
    },
  }),
  // A server of one's own may have the list in `data` itself.
  read: (body) => {
    const data = asObject(body)?.['data']
    return readHits(asObject(data)?.['web'] ?? data, {
      text: ['markdown', 'description'],
      date: 'date',
    })
  },
}

/** Web fetch by Firecrawl. */
export const fetch: FetchBackEnd = {
  docs: 'https://docs.firecrawl.dev/api-reference/endpoint/scrape',
  baseUrl,
  secret,
  price: price.fetch,
  toRequest: (url, access) => ({
    url: `${access.baseUrl}/v2/scrape`,
    headers: { authorization: `Bearer ${access.key ?? ''}` },
    body: { url, formats: ['markdown'], onlyMainContent: true },
  }),
  read: (body, url) => {
    const page = asObject(asObject(body)?.['data'])
    const about = asObject(page?.['metadata'])
    const text = asString(page?.['markdown'])
    return text === undefined
      ? undefined
      : {
          url: asString(about?.['sourceURL']) ?? asString(about?.['url']) ?? url,
          title: asString(about?.['title']),
          text,
        }
  },
}
