import { asArray, asObject, asString } from '../../anthropic/json.ts'
import type { FetchBackEnd, SearchBackEnd } from './back-end.ts'
import { hitsIn } from './read-hits.ts'

const baseUrl = 'https://api.exa.ai'
const secret = 'EXA_API_KEY'

/** Web search by Exa. */
export const search: SearchBackEnd = {
  docs: 'https://docs.exa.ai/reference/search',
  baseUrl,
  secret,
  // https://exa.ai/pricing, with text of the pages
  price: 7,
  toRequest: ({ query, location, ...filters }, access) => ({
    url: `${access.baseUrl}/search`,
    headers: { 'x-api-key': access.key ?? '' },
    body: {
      query,
      type: 'auto',
      numResults: Math.min(filters.maxResults, 100),
      ...(filters.allowedHosts.length === 0 ? {} : { includeDomains: filters.allowedHosts }),
      ...(filters.blockedHosts.length === 0 ? {} : { excludeDomains: filters.blockedHosts }),
      ...(location?.country === undefined ? {} : { userLocation: location.country }),
      contents: { text: { maxCharacters: filters.maxCharacters } },
    },
  }),
  read: hitsIn('results', { text: ['text', 'highlights'], date: 'publishedDate' }),
}

/** Web fetch by Exa. */
export const fetch: FetchBackEnd = {
  docs: 'https://docs.exa.ai/reference/get-contents',
  baseUrl,
  secret,
  price: 1,
  toRequest: (url, access) => ({
    url: `${access.baseUrl}/contents`,
    headers: { 'x-api-key': access.key ?? '' },
    body: { urls: [url], text: true },
  }),
  read: (body, url) => {
    const page = asObject(asArray(asObject(body)?.['results'])[0])
    const text = asString(page?.['text'])
    return text === undefined
      ? undefined
      : { url: asString(page?.['url']) ?? url, title: asString(page?.['title']), text }
  },
}
