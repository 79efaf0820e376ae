import type { SearchBackEnd } from './back-end.ts'
import { hitsIn, withSiteOperators } from './read-hits.ts'

/** A server of one's own, with `json` among `search.formats` of its settings. */
export const search: SearchBackEnd = {
  docs: 'https://docs.searxng.org/dev/search_api.html',
  baseUrl: undefined,
  secret: null,
  price: 0,
  toRequest: (query, { baseUrl, key }) => ({
    url: `${baseUrl}/search?${new URLSearchParams({ q: withSiteOperators(query), format: 'json' }).toString()}`,
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    body: undefined,
  }),
  read: hitsIn('results', { text: ['content'], date: 'publishedDate' }),
}
