/** A message: its text deltas, and then the text that only the final item has. */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asString, isObject } from '../../../anthropic/json.ts'
import type { PartBuilder } from '../../shared/answer/part-builder.ts'
import { remainingText } from './remaining-text.ts'

export interface MessagePiece {
  kind: 'message'
  text: string
  isRefusal: boolean
}

export class MessageItem {
  readonly kind = 'message'
  readonly #parts: PartBuilder
  /** The text of all content parts: some providers (Bedrock) number the parts inconsistently. */
  #text = ''

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

  /** Ends the item; `final` is absent if the answer ended first. */
  end(final: JsonObject | undefined): void {
    const contents = asArray(final?.['content']).filter(isObject)
    const refusal = contents.map((content) => asString(content['refusal']) ?? '').join('')
    const text = contents.map((content) => asString(content['text']) ?? '').join('')
    this.read({ text: remainingText(text + refusal, this.#text), isRefusal: text === '' })
  }
}
