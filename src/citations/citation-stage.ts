import type { PartStage } from '../anthropic/answer/part-stage.ts'
import type { Part } from '../anthropic/answer/part.ts'
/**
 * Turns cite tags in a model's text into citations. A text block is one claim with its citations, or what
 * is between two, as Anthropic divides them: the block begins with its citations, and the claim is streamed.
 * Withholds no more than what may become a tag.
 */
import type { Citation } from '../anthropic/answer/wire/citation.ts'
import { readIndex } from './marks.ts'
import type { Source } from './sources.ts'
import { findTag, withheldFrom } from './tags.ts'

/** A claim that is open. */
interface Claim {
  citations: readonly Citation[]
  hasText: boolean
}

/** A stage of an answer that replaces the cite tags of a model by citations. */
export class CitationStage implements PartStage {
  /** The sources that can be cited, by name. */
  readonly #sources: ReadonlyMap<string, Source>
  readonly #claims: Claim[] = []
  #withheld = ''
  /** Whether there is a text block, and whether it cites. */
  #hasText = false
  #isCited = false
  /** Whether the next text is of another claim, or of none. */
  #isBoundary = true
  #endsLine = false

  constructor(sources: ReadonlyMap<string, Source>) {
    this.#sources = sources
  }

  write(parts: readonly Part[]): Part[] {
    const written: Part[] = []
    for (const part of parts) {
      if (part.type === 'text-delta') {
        this.#read(part.text, written)
      } else {
        this.#pass(part, written)
      }
    }
    return written
  }

  /** What comes beside text may end the block, but not the claim: thinking may come in the middle of it. */
  #pass(part: Part, written: Part[]): void {
    if (part.type !== 'start') {
      // An incomplete tag has no meaning.
      this.#write(/^<\/?c/.test(this.#withheld) ? '' : this.#withheld, written)
      this.#withheld = ''
      this.#isBoundary ||= this.#isCited
    }
    written.push(part)
  }

  #read(text: string, written: Part[]): void {
    let rest = this.#withheld + text
    for (let tag = findTag(rest); tag !== undefined; tag = findTag(rest)) {
      this.#write(rest.slice(0, tag.start), written)
      if (tag.index !== undefined) {
        this.#open(tag.index)
      }
      if (tag.closes) {
        this.#close(rest.slice(tag.start, tag.end), written)
      }
      rest = rest.slice(tag.end)
    }
    const held = withheldFrom(rest)
    this.#write(rest.slice(0, held), written)
    this.#withheld = rest.slice(held)
  }

  #open(index: string): void {
    this.#claims.push({ citations: readIndex(index, this.#sources), hasText: false })
    this.#isBoundary = true
    this.#endsLine = false
  }

  /** `tag` as written: one that closes nothing is the model's text. */
  #close(tag: string, written: Part[]): void {
    const claim = this.#claims.pop()
    if (claim === undefined) {
      this.#write(tag, written)
      return
    }
    if (!claim.hasText && this.#hasText) {
      // Some models write the claim first and an empty tag after it.
      pushCitations(claim.citations, written)
      this.#isCited ||= claim.citations.length > 0
    }
    this.#isBoundary = true
  }

  #write(text: string, written: Part[]): void {
    if (text === '') {
      return
    }
    const claim = this.#claims.at(-1)
    const end = claim === undefined ? -1 : findParagraphEnd(this.#endsLine, text)
    if (claim !== undefined && end >= 0) {
      // A claim without an end tag must not cite for the rest of the answer.
      this.#emit(text.slice(0, end), claim, written)
      this.#claims.forEach((open) => (open.citations = []))
      this.#isBoundary = true
      this.#emit(text.slice(end), claim, written)
    } else {
      this.#emit(text, claim, written)
    }
    this.#endsLine = text.endsWith('\n')
  }

  #emit(text: string, claim: Claim | undefined, written: Part[]): void {
    if (text === '') {
      return
    }
    const citations = claim?.citations ?? []
    if (this.#isBoundary && (this.#isCited || citations.length > 0)) {
      if (this.#hasText) {
        written.push({ type: 'text-end' })
      }
      pushCitations(citations, written)
      this.#isCited = citations.length > 0
    }
    this.#isBoundary = false
    if (claim !== undefined) {
      claim.hasText = true
    }
    this.#hasText = true
    written.push({ type: 'text-delta', text })
  }
}

function pushCitations(citations: readonly Citation[], written: Part[]): void {
  for (const citation of citations) {
    written.push({ type: 'citation', citation })
  }
}

/** Behind which line an empty one follows; -1 where none does. `endsLine`: whether the text before ended with a line. */
function findParagraphEnd(endsLine: boolean, text: string): number {
  if (endsLine && text.startsWith('\n')) {
    return 0
  }
  const at = text.indexOf('\n\n')
  return at < 0 ? -1 : at + 1
}
