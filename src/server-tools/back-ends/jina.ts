import { asObject, asString } from '../../anthropic/json.ts'
import type { FetchBackEnd, SearchBackEnd } from './back-end.ts'
import { hitsIn, withSiteOperators } from './read-hits.ts'

const secret = 'JINA_API_KEY'

/** Billed by tokens of the result: a search reads at least 10,000 (https://jina.ai/reader/). */
const price = { search: 0.5, fetch: 0.2 }

/** Web search by Jina. */
export const search: SearchBackEnd = {
  docs: 'https://jina.ai/reader/',
  baseUrl: 'https://s.jina.ai',
  secret,
  price: price.search,
  toRequest: (searchQuery, { baseUrl, key }) => ({
    url: `${baseUrl}/?${new URLSearchParams({ q: withSiteOperators(searchQuery) }).toString()}`,
    headers: { authorization: `Bearer ${key ?? ''}` },
    body: undefined,
  }),
  read: hitsIn('data', { text: ['content', 'description'], date: 'date' }),
}

/** Web fetch by Jina. */
export const fetch: FetchBackEnd = {
  docs: 'https://jina.ai/reader/',
  baseUrl: 'https://r.jina.ai',
  secret,
  price: price.fetch,
  toRequest: (url, { baseUrl, key }) => ({
    url: `${baseUrl}/`,
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    body: { url },
  }),
  read: (body, url) => {
    const page = asObject(asObject(body)?.['data'])
    const text = asString(page?.['content'])
    return text === undefined
      ? undefined
      : { url: asString(page?.['url']) ?? url, title: asString(page?.['title']), text }
  },
}
