/** The demo's web: a few fixed pages, so that web search and web fetch can be tried without an account. */
import { asObject, asString } from '../anthropic/json.ts'
import { errorResponse } from './http-response.ts'

interface Page {
  url: string
  title: string
  date: string
  text: string
}

const pages: readonly Page[] = [
  {
    url: 'https://demo.example/messages-api',
    title: 'The Messages API in one page',
    date: '2026-11-01',
    text: 'The Messages API takes a list of messages and returns the next one. Streams consist of events, from message_start to message_stop. Tools are called with tool_use blocks and answered with tool_result blocks.',
  },
  {
    url: 'https://demo.example/gateways',
    title: 'What a gateway does',
    date: '2026-10-12',
    text: 'A gateway stands between clients and providers. It translates protocols, so that a client of one protocol can use models of another. It also checks keys, limits and budgets.',
  },
  {
    url: 'https://demo.example/workers',
    title: 'Cloudflare Workers at a glance',
    date: '2026-09-30',
    text: 'Cloudflare Workers run code close to users. A Worker starts in a few milliseconds. It is billed by requests and CPU time.',
  },
  {
    url: 'https://demo.example/rome',
    title: 'Rome',
    date: '2026-08-21',
    text: 'Rome is the capital of Italy. It stands on the Tiber. Its old center is a World Heritage Site.',
  },
]

/** Answers `POST /web/search` and `POST /web/page`. */
export async function serveDemoWeb(request: Request): Promise<Response> {
  const body = asObject(await request.json().catch(() => undefined))
  if (new URL(request.url).pathname === '/web/search') {
    return Response.json({ results: search(asString(body?.['query']) ?? '') })
  }
  const page = pages.find(({ url }) => url === body?.['url'])
  return page === undefined ? errorResponse(404, 'There is no such page.') : Response.json(page)
}

/** Pages that share words with the query, the best first; all pages where none does. */
function search(query: string): Page[] {
  const words = wordsOf(query)
  const rated = pages.map((page) => ({
    page,
    shared: [...wordsOf(`${page.title} ${page.text}`)].filter((word) => words.has(word)).length,
  }))
  const found = rated.filter(({ shared }) => shared > 0)
  return (found.length === 0 ? rated : found)
    .toSorted((a, b) => b.shared - a.shared)
    .map(({ page }) => page)
}

/** Words of four letters and more: shorter ones are in every page. */
function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[a-z]{4,}/g))
}
