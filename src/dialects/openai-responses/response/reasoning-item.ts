/**
 * A reasoning item, which becomes one thinking block. Its text is the summary if there is one, else
 * the reasoning itself; its state is that of the final item, since encrypted content is complete
 * only then.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import type { PartBuilder } from '../../shared/answer/part-builder.ts'
import type { ReasoningState } from '../reasoning.ts'
import { textsOf, toItemState } from '../reasoning.ts'
import { remainingText } from './remaining-text.ts'

/** A delta of a reasoning item's summary or content. */
export interface ReasoningPiece {
  kind: 'reasoning'
  text: string
  /** The index of its part in the summary or content; some servers do not send it. */
  part: number | undefined
  from: 'summary' | 'content'
}

/** The separator between parts, which are paragraphs. */
const separator = '\n\n'

/** Builds the parts of one reasoning item. */
export class ReasoningItem {
  readonly kind = 'reasoning'
  readonly #parts: PartBuilder
  /** The field that is shown: the first one to arrive. Some providers send both. */
  #shows: 'summary' | 'content' | undefined
  #text = ''
  /** The part of the last delta. */
  #part: number | undefined
  #isPartOver = false
  #state: ReasoningState = {}

  constructor(parts: PartBuilder) {
    this.#parts = parts
  }

  /** The state for the item's signature. */
  get state(): ReasoningState {
    return this.#state
  }

  read({ text, part, from }: Omit<ReasoningPiece, 'kind'>): void {
    if (text === '') {
      return
    }
    this.#shows ??= from
    if (this.#shows === from) {
      const isOther = part === undefined ? this.#isPartOver : this.#part !== part
      const isNext = this.#text !== '' && isOther
      this.#part = part
      this.#isPartOver = false
      this.#show(isNext ? separator + text : text)
    }
  }

  /** Separates the parts before and after. */
  separate(): void {
    this.#isPartOver = true
  }

  /** Ends the item; `final` is absent if the answer ended first, so that there is no state. */
  end(final: JsonObject | undefined): void {
    if (final === undefined) {
      return
    }
    const summary = textsOf(final, 'summary').join(separator)
    const shows = this.#shows ?? (summary === '' ? 'content' : 'summary')
    const fullText = shows === 'summary' ? summary : textsOf(final, shows).join(separator)
    this.#show(remainingText(fullText, this.#text))
    this.#state = {
      item: toItemState(final, shows),
      ...(shows === 'content' && this.#text !== '' ? { shows } : {}),
    }
  }

  /** Whether the item becomes a block: it has text to show or state to return. */
  get isWorthSigning(): boolean {
    return this.#text !== '' || typeof this.#state.item?.['encrypted_content'] === 'string'
  }

  #show(text: string): void {
    this.#text += text
    this.#parts.thinking(text)
  }
}
