import type { SearchBackEnd } from './back-end.ts'
import { hitsIn, withSiteOperators } from './read-hits.ts'

/** Web search by Serper. */
export const search: SearchBackEnd = {
  docs: 'https://serper.dev/playground',
  baseUrl: 'https://google.serper.dev',
  secret: 'SERPER_API_KEY',
  // https://serper.dev, the smallest package
  price: 1,
  toRequest: (searchQuery, { baseUrl, key }) => ({
    url: `${baseUrl}/search`,
    headers: { 'x-api-key': key ?? '' },
    body: {
      q: withSiteOperators(searchQuery),
      num: Math.min(searchQuery.maxResults, 20),
      ...(searchQuery.location?.country === undefined
        ? {}
        : { gl: searchQuery.location.country.toLowerCase() }),
    },
  }),
  read: hitsIn('organic', { url: 'link', text: ['snippet'], date: 'date' }),
}
