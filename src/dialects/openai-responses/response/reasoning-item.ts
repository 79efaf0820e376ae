/**
 * A reasoning item: one thinking block. Its summary is shown where there is one, else the reasoning
 * itself; its state is that of the final item, since encrypted content grows until then.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import type { PartBuilder } from '../../shared/answer/part-builder.ts'
import type { ReasoningState } from '../reasoning.ts'
import { textsOf, toItemState } from '../reasoning.ts'
import { remainingText } from './remaining-text.ts'

export interface ReasoningPiece {
  kind: 'reasoning'
  text: string
  /** Which part of the summary or the content it belongs to; some servers do not say. */
  part: number | undefined
  from: 'summary' | 'content'
}

/** Between parts, which are paragraphs. */
const separator = '\n\n'

export class ReasoningItem {
  readonly kind = 'reasoning'
  readonly #parts: PartBuilder
  /** What is shown: whichever comes first. Some providers send both. */
  #shows: 'summary' | 'content' | undefined
  #text = ''
  /** The part that the last piece belonged to. */
  #part: number | undefined
  #isPartOver = false
  #state: ReasoningState = {}

  constructor(parts: PartBuilder) {
    this.#parts = parts
  }

  /** What goes into the item's signature. */
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

  /** A part has ended, or another has begun. */
  separate(): void {
    this.#isPartOver = true
  }

  /** `final` is absent where the answer ended before the item did: it has no state then. */
  end(final: JsonObject | undefined): void {
    if (final === undefined) {
      return
    }
    const summary = textsOf(final, 'summary').join(separator)
    const shows = this.#shows ?? (summary === '' ? 'content' : 'summary')
    const whole = shows === 'summary' ? summary : textsOf(final, shows).join(separator)
    this.#show(remainingText(whole, this.#text))
    this.#state = {
      item: toItemState(final, shows),
      ...(shows === 'content' && this.#text !== '' ? { shows } : {}),
    }
  }

  /** Whether a block is worth having: there is something to show, or something to send back. */
  get isWorthSigning(): boolean {
    return this.#text !== '' || typeof this.#state.item?.['encrypted_content'] === 'string'
  }

  #show(text: string): void {
    this.#text += text
    this.#parts.thinking(text)
  }
}
