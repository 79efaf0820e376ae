/** A message, read as its deltas come; then what the final item has beyond them. */
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
  /** Of all content parts: some providers (Bedrock) count them in one order here and another there. */
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

  /** `final` is absent where the answer ended before the item did. */
  end(final: JsonObject | undefined): void {
    const contents = asArray(final?.['content']).filter(isObject)
    const refusal = contents.map((content) => asString(content['refusal']) ?? '').join('')
    const text = contents.map((content) => asString(content['text']) ?? '').join('')
    this.read({ text: remainingText(text + refusal, this.#text), isRefusal: text === '' })
  }
}
