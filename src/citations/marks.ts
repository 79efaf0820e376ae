/**
 * How a model is shown what it can cite, and how it cites: each passage begins with its name in brackets, and
 * the model puts claims in `<cite index="…">`. The names are the gateway's, so that a citation that it writes
 * points at real text or at nothing.
 */
import type { Citation } from '../anthropic/answer/wire/citation.ts'
import type { Source } from './sources.ts'

/** What is appended to the system prompt. */
export const instructions = `Some documents or search results of this conversation can be cited. Each passage of them begins with its index in brackets, such as [d0-3] (passage 3 of document 0) or [s1-0] (passage 0 of search result 1). Whenever you state something that rests on such passages, put the statement in a cite tag that names them, and give each statement a tag of its own:
<cite index="d0-3">The statement.</cite>
Name several passages with commas ("d0-3,s1-0"), and passages in a row with a colon ("d0-3:5"). Cite only passages that support the statement, with the indices as they are given. State things in your own words inside the tag, and never write the bracketed indices outside of it. What does not rest on the passages has no tag.`

/** The name of a passage, as the model writes it. */
export function toMark(source: Source, passage: number): string {
  return `${source.name}-${passage}`
}

/** A text with the index of each passage in front of it. */
export function markPassages(source: Source): string {
  return source.passages.map(({ text }, at) => `[${toMark(source, at)}] ${text}`).join('')
}

/** Passages of one citation, and citations of one claim: more is no evidence for anything. */
const maxPassages = 20
const maxCitations = 10

const reference = /^([ds]\d{1,6})-(\d{1,6})(?:(?::|-|\.\.)(?:[ds]\d{1,6}-)?(\d{1,6}))?$/

/** What an `index` cites, without what points nowhere. */
export function readIndex(index: string, sources: ReadonlyMap<string, Source>): Citation[] {
  const citations = new Map<string, Citation>()
  for (const name of index.split(/[\s,;[\]]+/)) {
    const [, of = '', first = '', last = first] = reference.exec(name) ?? []
    const source = sources.get(of)
    const [from, to] = [Number(first), Number(last)]
    const isReal =
      source !== undefined && from <= to && to - from < maxPassages && to < source.passages.length
    if (isReal && citations.size < maxCitations) {
      citations.set(`${of}-${from}:${to}`, source.cite(from, to))
    }
  }
  return [...citations.values()]
}
