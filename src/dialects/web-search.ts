/** Web search that a provider runs itself: what a dialect is asked for, and what it makes of an answer. Types only. */
import type { Part } from '../anthropic/answer/part.ts'

/** The client's web search, to be offered as the provider's own. */
export interface WebSearchOffer {
  /** Hosts without paths; empty if there is no such list. Their subdomains are included. */
  allowedHosts: readonly string[]
  blockedHosts: readonly string[]
  location: SearchLocation | undefined
  maxUses: number | undefined
  /** Whether the client forces a search. */
  isForced: boolean
  /** Path of the client's entry, such as `tools.3`. */
  path: string
}

/** The user's approximate location. */
export interface SearchLocation {
  city: string | undefined
  region: string | undefined
  /** ISO 3166-1 alpha-2, upper case. */
  country: string | undefined
  /** IANA. */
  timezone: string | undefined
}

/** A page as a provider reports it. */
export interface FoundPage {
  url: string
  title: string | undefined
  /** The page's text, as far as the provider returns it. */
  text: string | undefined
  /** The date of the page in the provider's own format. */
  date: string | undefined
}

/** A search that a provider ran. */
export interface FoundSearch {
  query: string
  /** Undefined if the search failed. */
  pages: readonly FoundPage[] | undefined
  /** Whether the model cites these pages by their numbers, from 1, in brackets. */
  isNumbered: boolean
}

/** Makes blocks and citations of one answer's searches. */
export interface SearchBlocks {
  /** The parts of a search. `call`: a number that is unique within the answer. */
  search: (call: number, found: FoundSearch) => readonly Part[]
  /** The citation of a page that `text`, the text block so far, is based on. */
  cite: (page: FoundPage, text: string) => Part
}
