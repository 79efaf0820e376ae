/** What a back end of web search or web fetch is: a service's protocol as data and pure functions. Types only. */

import type { SearchLocation } from '../../dialects/web-search.ts'
import type { Fetch } from '../../platform/fetch.ts'

/** A web search, as the model and the client's request define it. */
export interface SearchQuery {
  query: string
  maxResults: number
  /** Characters of text that a result is cut to. */
  maxCharacters: number
  /** Hosts without paths, for back ends that filter by them; empty if there is no such list. */
  allowedHosts: readonly string[]
  blockedHosts: readonly string[]
  location: SearchLocation | undefined
}

/** A page that was found. */
export interface SearchHit {
  url: string
  title: string
  /** The page's text, as far as the back end returns it; may contain markup. */
  text: string
  /** The date of the page in the back end's own format. */
  date: string | undefined
}

/** A request to a back end. */
export interface BackEndRequest {
  url: string
  headers: Record<string, string>
  /** Sent as JSON by POST; undefined for GET. */
  body: object | undefined
}

/** The URL and key of a back end. */
export interface Access {
  /** The base URL, without a trailing slash. */
  baseUrl: string
  /** The secret itself; undefined where none is needed. */
  key: string | undefined
}

/** What all back ends have in common. */
export interface BackEnd {
  /** Documentation of the protocol. */
  docs: string
  /** The default URL; undefined for self-hosted servers. */
  baseUrl: string | undefined
  /** Name of the Worker secret by default; null where no key is needed. */
  secret: string | null
  /** List price of 1,000 requests in USD. */
  price: number
  /** Answers inside this Worker instead of over the network. */
  fetch?: Fetch
}

/** A service that searches the web. `read` returns undefined for a body that is not its response. */
export interface SearchBackEnd extends BackEnd {
  toRequest: (query: SearchQuery, access: Access) => BackEndRequest
  /** Reads a response's JSON; undefined if it has another form. */
  read: (body: unknown) => SearchHit[] | undefined
}

/** A page's content. */
export interface FetchedPage {
  /** The URL that it was found at in the end. */
  url: string
  title: string | undefined
  /** Plain text or Markdown. */
  text: string
}

/** A service that fetches pages. `read` returns undefined for a body that is not its response. */
export interface FetchBackEnd extends BackEnd {
  toRequest: (url: string, access: Access) => BackEndRequest
  /** Reads a response's JSON; undefined if it has another form. */
  read: (body: unknown, url: string) => FetchedPage | undefined
}
