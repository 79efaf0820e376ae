/** A message: its text deltas, and then the text that only the final item has. */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asString, isObject } from '../../../anthropic/json.ts'
import type { PlacedCitation } from '../../shared/answer/late-citations.ts'
import type { PartBuilder } from '../../shared/answer/part-builder.ts'
import { readUrlCitation } from '../../shared/answer/url-citation.ts'
import { remainingText } from './remaining-text.ts'

/** A delta of a message's text or refusal. */
export interface MessagePiece {
  kind: 'message'
  text: string
  isRefusal: boolean
}

/** Builds the parts of one message item. */
export class MessageItem {
  readonly kind = 'message'
  readonly #parts: PartBuilder
  /** The text of all content parts: some providers (Bedrock) number the parts inconsistently. */
  #text = ''
  /** Annotations that events had. */
  #annotations = 0

  constructor(parts: PartBuilder) {
    this.#parts = parts
    parts.separateText()
  }

  read({ text, isRefusal }: Pick<MessagePiece, 'text' | 'isRefusal'>): void {
    this.#text += text
    if (isRefusal) {
      this.#parts.refuse(text)
    } else {
      this.#parts.text(text)
    }
  }

  /** Reads an annotation, which comes after the text that it is about. */
  annotate(annotation: JsonObject): void {
    this.#annotations += 1
    const citation = readUrlCitation(annotation)
    if (citation !== undefined) {
      this.#parts.cite(citation.page)
    }
  }

  /** Ends the item; `final` is absent if the answer ended first. */
  end(final: JsonObject | undefined): void {
    const contents = asArray(final?.['content']).filter(isObject)
    const refusal = contents.map((content) => asString(content['refusal']) ?? '').join('')
    const text = contents.map((content) => asString(content['text']) ?? '').join('')
    const rest = remainingText(text + refusal, this.#text)
    let at = 0
    for (const { page, end } of this.#citations(contents, this.#text.length)) {
      this.read({ text: rest.slice(at, end), isRefusal: false })
      this.#parts.cite(page)
      at = Math.max(at, end)
    }
    this.read({ text: rest.slice(at), isRefusal: text === '' })
  }

  /** The annotations that no event had, with their places in the text after the first `sent` characters. */
  #citations(contents: readonly JsonObject[], sent: number): PlacedCitation[] {
    if (!this.#parts.mayCite) {
      return []
    }
    let before = -sent
    const placed = contents.flatMap((content) => {
      const text = asString(content['text']) ?? ''
      const from = before
      before += text.length
      const annotations = asArray(content['annotations']).filter(isObject)
      return annotations.map((annotation) => {
        const citation = readUrlCitation(annotation)
        return citation && { ...citation, end: Math.max(0, from + toIndex(text, citation)) }
      })
    })
    return placed
      .slice(this.#annotations)
      .filter((citation) => citation !== undefined)
      .toSorted((a, b) => a.end - b.end)
  }
}

/** The place of a citation in UTF-16 code units: some servers count code points. It ends with a link to its page. */
function toIndex(text: string, { page, end }: PlacedCitation): number {
  const counted = text.slice(0, end)
  if (counted.endsWith(')') || !/[\ud800-\udbff]/.test(text)) {
    return end
  }
  const byCodePoints = Array.from(text).slice(0, end).join('')
  return byCodePoints.includes(page.url) || !counted.includes(page.url) ? byCodePoints.length : end
}
