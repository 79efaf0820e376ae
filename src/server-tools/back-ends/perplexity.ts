import type { SearchBackEnd } from './back-end.ts'
import { hitsIn } from './read-hits.ts'

/** Web search by Perplexity. */
export const search: SearchBackEnd = {
  docs: 'https://docs.perplexity.ai/api-reference/search-post',
  baseUrl: 'https://api.perplexity.ai',
  secret: 'PERPLEXITY_API_KEY',
  // https://docs.perplexity.ai/getting-started/pricing
  price: 5,
  toRequest: ({ query, location, ...filters }, { baseUrl, key }) => {
    // One list: hosts to keep to, or hosts to leave out.
    const hosts = [...filters.allowedHosts, ...filters.blockedHosts.map((host) => `-${host}`)]
    return {
      url: `${baseUrl}/search`,
      headers: { authorization: `Bearer ${key ?? ''}` },
      body: {
        query,
        max_results: Math.min(filters.maxResults, 20),
        ...(hosts.length === 0 ? {} : { search_domain_filter: hosts }),
        ...(location?.country === undefined ? {} : { country: location.country }),
      },
    }
  },
  read: hitsIn('results', { text: ['snippet'], date: 'date' }),
}
