import type { Part } from '../../../anthropic/answer/part.ts'
/** A message, as it is said: deltas, then what the final item has beyond them. */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asString, isObject } from '../../../anthropic/json.ts'
import type { Speech } from './speech.ts'
import { beginMessage, say } from './speech.ts'
import { unsaid } from './unsaid.ts'

export interface MessageItem {
  kind: 'message'
  speech: Speech
  /** Of all content parts: some providers (Bedrock) count them in one way here and another there. */
  said: string
}

export interface MessagePiece {
  kind: 'message'
  text: string
  isRefusal: boolean
}

export function createMessageItem(speech: Speech): MessageItem {
  beginMessage(speech)
  return { kind: 'message', speech, said: '' }
}

export function readText(
  item: MessageItem,
  { text, isRefusal }: Pick<MessagePiece, 'text' | 'isRefusal'>,
  parts: Part[],
): void {
  item.said += text
  if (isRefusal) {
    item.speech.refusal += text
  }
  say(item.speech, text, parts)
}

/** `final` is absent where the answer ended before the item did. */
export function endMessage(item: MessageItem, final: JsonObject | undefined, parts: Part[]): void {
  const contents = asArray(final?.['content']).filter(isObject)
  const refusal = contents.map((content) => asString(content['refusal']) ?? '').join('')
  const text = contents.map((content) => asString(content['text']) ?? '').join('')
  readText(item, { text: unsaid(text + refusal, item.said), isRefusal: text === '' }, parts)
}
