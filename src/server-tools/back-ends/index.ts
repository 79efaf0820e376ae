/** The back ends by the names that catalogs use. Each is loaded when it is first used. */
import type { FetchBackEnd, SearchBackEnd } from './back-end.ts'

type Loaders<BackEnd> = Readonly<Record<string, () => Promise<BackEnd>>>

/** The back ends of web search. */
export const searchBackEnds: Loaders<SearchBackEnd> = {
  brave: async () => (await import('./brave.ts')).search,
  demo: async () => (await import('./demo.ts')).search,
  exa: async () => (await import('./exa.ts')).search,
  firecrawl: async () => (await import('./firecrawl.ts')).search,
  jina: async () => (await import('./jina.ts')).search,
  perplexity: async () => (await import('./perplexity.ts')).search,
  searxng: async () => (await import('./searxng.ts')).search,
  serper: async () => (await import('./serper.ts')).search,
  tavily: async () => (await import('./tavily.ts')).search,
}

/** Besides these there are `direct`, which is the gateway itself, and `browser`, which is a binding. */
export const fetchBackEnds: Loaders<FetchBackEnd> = {
  demo: async () => (await import('./demo.ts')).fetch,
  exa: async () => (await import('./exa.ts')).fetch,
  firecrawl: async () => (await import('./firecrawl.ts')).fetch,
  jina: async () => (await import('./jina.ts')).fetch,
}
