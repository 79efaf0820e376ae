import type { SearchBackEnd } from './back-end.ts'
import { hitsIn } from './read-hits.ts'

/** The most results of a search (the reference of `max_results`). */
const maxResults = 20

/** Web search by Tavily. */
export const search: SearchBackEnd = {
  docs: 'https://docs.tavily.com/documentation/api-reference/endpoint/search',
  baseUrl: 'https://api.tavily.com',
  secret: 'TAVILY_API_KEY',
  // A basic search takes one credit (https://docs.tavily.com/documentation/api-credits).
  price: 8,
  toRequest: ({ query, ...filters }, { baseUrl, key }) => ({
    url: `${baseUrl}/search`,
    headers: { authorization: `Bearer ${key ?? ''}` },
    body: {
      query,
      max_results: Math.min(filters.maxResults, maxResults),
      search_depth: 'basic',
      include_domains: filters.allowedHosts,
      exclude_domains: filters.blockedHosts,
    },
  }),
  read: hitsIn('results', { text: ['content'], date: 'published_date' }),
}
