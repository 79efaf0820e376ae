/** The back ends by the names that catalogs use. Each is loaded when it is first used. */
import type { SearchBackEnd } from './back-end.ts'

type Load<BackEnd> = () => Promise<BackEnd>

export const searchBackEnds: Readonly<Record<string, Load<SearchBackEnd>>> = {
  searxng: async () => (await import('./searxng.ts')).search,
  tavily: async () => (await import('./tavily.ts')).search,
}
