/**
 * What a request's answer can cite: the passages of its documents and search results, each with a name that the
 * model writes, and its place as Anthropic counts it.
 */
import type { Citation } from '../anthropic/answer/wire/citation.ts'
import type { DocumentBlock, SearchResultBlock } from '../anthropic/request/content-block.ts'
import type { MessageParam } from '../anthropic/request/request.ts'
import { toSentences } from './sentences.ts'

/** A document or a search result that citations are enabled for. */
export interface Source {
  /** `d0`: the first document; `s0`: the first search result. */
  name: string
  passages: readonly Passage[]
  /** The citation of passages `from` to `to`, both included. */
  cite: (from: number, to: number) => Citation
}

/**
 * A passage that can be cited: its text, and its range in the source as `[start, end)`, in characters, pages
 * or blocks.
 */
export interface Passage {
  text: string
  /** The range in the source, `end` exclusive: characters of a text, numbers of pages, indices of blocks. */
  start: number
  end: number
}

/** A block of the request that can be cited, or could be. */
export type CitableBlock = DocumentBlock | SearchResultBlock

/** Calls `visit` with every document and search result, those in results of tools included, and its path. */
export function visitCitable(
  messages: readonly MessageParam[],
  visit: (block: CitableBlock, path: string) => void,
): void {
  for (const [index, { content }] of messages.entries()) {
    for (const [at, block] of typeof content === 'string' ? [] : content.entries()) {
      const path = `messages.${index}.content.${at}`
      if (isCitable(block)) {
        visit(block, path)
      } else if (block.type === 'tool_result' && Array.isArray(block.content)) {
        for (const [inner, result] of block.content.entries()) {
          if (isCitable(result)) {
            visit(result, `${path}.content.${inner}`)
          }
        }
      }
    }
  }
}

function isCitable(block: { type: string }): block is CitableBlock {
  return block.type === 'document' || block.type === 'search_result'
}

/** The pages of PDFs, by their data in base64. */
export type PdfPages = ReadonlyMap<string, readonly string[]>

/** The source that a document is; undefined for one whose text the gateway does not have. */
export function toDocumentSource(
  { source, title }: DocumentBlock,
  index: number,
  pdfs: PdfPages,
): Source | undefined {
  const about = { document_index: index, document_title: title ?? null, file_id: null }
  const pages = source.type === 'base64' ? pdfs.get(source.data) : undefined
  if (pages !== undefined) {
    return toSource(`d${index}`, pages.flatMap(toPagePassages), ({ start, end, cited_text }) => {
      const place = { start_page_number: start, end_page_number: end }
      return { type: 'page_location', cited_text, ...about, ...place }
    })
  }
  if (source.type === 'text') {
    return toSource(`d${index}`, toTextPassages(source.data), ({ start, end, cited_text }) => {
      const place = { start_char_index: start, end_char_index: end }
      return { type: 'char_location', cited_text, ...about, ...place }
    })
  }
  if (source.type !== 'content') {
    return undefined
  }
  const { content } = source
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content
  return toSource(`d${index}`, blocks.flatMap(toBlockPassage), ({ start, end, cited_text }) => {
    const place = { start_block_index: start, end_block_index: end }
    return { type: 'content_block_location', cited_text, ...about, ...place }
  })
}

/** `index` counts the search results of the request. */
export function toSearchSource(block: SearchResultBlock, index: number): Source {
  const { content, source, title } = block
  return toSource(`s${index}`, content.flatMap(toBlockPassage), ({ start, end, cited_text }) => ({
    type: 'search_result_location',
    cited_text,
    source,
    title,
    search_result_index: index,
    start_block_index: start,
    end_block_index: end,
  }))
}

/** Passages that are cited together. */
interface CitedRange {
  start: number
  end: number
  cited_text: string
}

function toSource(
  name: string,
  passages: readonly Passage[],
  toCitation: (cited: CitedRange) => Citation,
): Source {
  return { name, passages, cite: (from, to) => toCitation(join(passages, from, to)) }
}

/** Places are counted in Unicode code points, as Python counts: an emoji is one character. */
function toTextPassages(text: string): Passage[] {
  let at = 0
  return toSentences(text).map((sentence) => {
    const start = at
    at += countCodePoints(sentence)
    return { text: sentence, start, end: at }
  })
}

/** The sentences of a page, whose places are its number, from 1. */
function toPagePassages(page: string, index: number): Passage[] {
  const start = index + 1
  return toSentences(page).map((text) => ({ text, start, end: start + 1 }))
}

function countCodePoints(text: string): number {
  let count = 0
  for (const _ of text) {
    count += 1
  }
  return count
}

function toBlockPassage(block: { type: string; text?: string }, at: number): Passage[] {
  return block.type === 'text' && block.text !== undefined
    ? [{ text: block.text, start: at, end: at + 1 }]
    : []
}

function join(passages: readonly Passage[], from: number, to: number): CitedRange {
  const cited = passages.slice(from, to + 1)
  return {
    start: cited[0]?.start ?? 0,
    end: cited.at(-1)?.end ?? 0,
    cited_text: cited.map(({ text }) => text).join(''),
  }
}
