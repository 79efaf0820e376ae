import { asObject, asString } from '../../anthropic/json.ts'
import type { Fetch } from '../../platform/fetch.ts'
import type { FetchBackEnd, SearchBackEnd } from './back-end.ts'
import { hitsIn } from './read-hits.ts'

const docs = 'https://docs.claude.com/en/docs/agents-and-tools/tool-use/web-search-tool'

/** Nothing is sent there: `fetch` answers. */
const baseUrl = 'http://demo.invalid/web'

const serve: Fetch = async (url, init) =>
  (await import('../../demo/web.ts')).serveDemoWeb(new Request(url, init))

/** A small fixed collection of pages, for trying it without an account. */
export const search: SearchBackEnd = {
  docs,
  baseUrl,
  secret: null,
  price: 0,
  fetch: serve,
  toRequest: ({ query, maxResults }, access) => ({
    url: `${access.baseUrl}/search`,
    headers: {},
    body: { query, maxResults },
  }),
  read: hitsIn('results', { text: ['text'], date: 'date' }),
}

/** Web fetch by the demo, from pages that the gateway invents. */
export const fetch: FetchBackEnd = {
  docs,
  baseUrl,
  secret: null,
  price: 0,
  fetch: serve,
  toRequest: (url, access) => ({ url: `${access.baseUrl}/page`, headers: {}, body: { url } }),
  read: (body, url) => {
    const page = asObject(body)
    const text = asString(page?.['text'])
    return text === undefined ? undefined : { url, title: asString(page?.['title']), text }
  },
}
