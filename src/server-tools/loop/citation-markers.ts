import type { Part } from '../../anthropic/answer/part.ts'
/**
 * Turns markers such as `[2]` in a model's text into citations of numbered results. A text block holds
 * what its citations support, so one ends after a citation, and after a paragraph. Withholds at most six
 * characters: those that may become a marker.
 */
import type { Citation } from '../../anthropic/answer/wire/citation.ts'
import { toSentences } from '../../citations/sentences.ts'
import type { NumberedResult } from '../history/render.ts'
import { findCitedText, findSupport } from '../search/cited-text.ts'
import { toIndex } from '../search/evidence.ts'

const marker = / ?\[(\d{1,3}(?:, ?\d{1,3}){0,2})\]/g

/** Matches the end of a text that may continue as a marker. */
const beginning = /(?: ?\[[\d, ]{0,5}| )$/
const maxWithheld = 6

/** What closes a sentence after its marker. */
const closing = /^[.,;:!?)"'”’»。！？]+/

/** Filters the text of one answer. */
export class CitationMarkers {
  readonly #results: readonly NumberedResult[]
  #withheld = ''
  /** The text of the block so far. */
  #block = ''
  #cited = new Set<number>()
  #isInFence = false

  constructor(results: readonly NumberedResult[]) {
    this.#results = results
  }

  /** Reads text and returns its parts. */
  write(text: string): Part[] {
    if (this.#results.length === 0) {
      return text === '' ? [] : [{ type: 'text-delta', text }]
    }
    const parts: Part[] = []
    const all = this.#withheld + text
    let from = 0
    for (const match of all.matchAll(marker)) {
      const cited = this.#find(match[1] ?? '')
      if (cited.length > 0) {
        this.#writeText(all.slice(from, match.index), parts)
        cited.forEach((result) => this.#cite(result, parts))
        from = match.index + match[0].length
      }
    }
    const rest = all.slice(from)
    const held = beginning.exec(rest)?.[0] ?? ''
    this.#withheld = held.length > maxWithheld ? '' : held
    this.#writeText(rest.slice(0, rest.length - this.#withheld.length), parts)
    return parts
  }

  /** Returns what was withheld: no more text follows. */
  end(): Part[] {
    const parts: Part[] = []
    this.#writeText(this.#withheld, parts)
    this.#withheld = ''
    this.#block = ''
    this.#cited.clear()
    return parts
  }

  #find(list: string): NumberedResult[] {
    return list.split(',').flatMap((number) => this.#results[Number(number) - 1] ?? [])
  }

  #cite(result: NumberedResult, parts: Part[]): void {
    if (!this.#cited.has(result.number) && this.#block !== '') {
      this.#cited.add(result.number)
      parts.push({ type: 'citation', citation: toCitation(result, this.#block) })
    }
  }

  #writeText(text: string, parts: Part[]): void {
    let rest = text
    if (this.#cited.size > 0) {
      const end = closing.exec(rest)?.[0] ?? ''
      this.#push(end, parts)
      rest = rest.slice(end.length)
      if (rest !== '') {
        this.#endBlock(parts)
      }
    }
    for (const line of rest.split(/(?<=\n)/)) {
      this.#push(line, parts)
      if (line.endsWith('\n')) {
        this.#endLine(parts)
      }
    }
  }

  /** Code with empty lines stays in one block, since clients render each block by itself. */
  #endLine(parts: Part[]): void {
    const line = this.#block.slice(this.#block.lastIndexOf('\n', this.#block.length - 2) + 1)
    if (line.startsWith('```')) {
      this.#isInFence = !this.#isInFence
    }
    if (line === '\n' && !this.#isInFence && this.#block.length > 1) {
      this.#endBlock(parts)
    }
  }

  #push(text: string, parts: Part[]): void {
    if (text === '') {
      return
    }
    this.#block += text
    const last = parts.at(-1)
    if (last?.type === 'text-delta') {
      parts[parts.length - 1] = { type: 'text-delta', text: last.text + text }
    } else {
      parts.push({ type: 'text-delta', text })
    }
  }

  #endBlock(parts: Part[]): void {
    parts.push({ type: 'text-end' })
    this.#block = ''
    this.#cited.clear()
  }
}

/** `answer`: the text block that cites the result. */
function toCitation(result: NumberedResult, answer: string): Citation {
  const { number, url, title, text = '', documentIndex } = result
  if (documentIndex !== undefined) {
    return citePage({ text, title, documentIndex }, answer)
  }
  const passage = findCitedText(answer, text === '' ? title : text)
  return {
    type: 'web_search_result_location',
    cited_text: passage.text,
    url,
    title,
    encrypted_index: toIndex(number, passage.index),
  }
}

/** A passage of a page, in its own words. Places are counted in code points, as for documents. */
function citePage(
  { text, title, documentIndex }: { text: string; title: string; documentIndex: number },
  answer: string,
): Citation {
  const sentences = toSentences(text)
  const index = findSupport(answer, sentences)
  const cited = sentences[index] ?? ''
  const start = Array.from(sentences.slice(0, index).join('')).length
  return {
    type: 'char_location',
    cited_text: cited,
    document_index: documentIndex,
    document_title: title === '' ? null : title,
    file_id: null,
    start_char_index: start,
    end_char_index: start + Array.from(cited).length,
  }
}
