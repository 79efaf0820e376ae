/** A message, as it is said: deltas, then what the final item has beyond them. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asString, isObject } from '../../anthropic/json.ts'
import type { Part } from '../../anthropic/part.ts'
import type { TextPiece } from './piece.ts'
import { unsaid } from './piece.ts'
import type { Speech } from './speech.ts'
import { beginMessage, say } from './speech.ts'

export interface MessageItem {
  kind: 'message'
  speech: Speech
  /** What was said of each content part. */
  said: Map<number, string>
}

export interface MessagePiece extends TextPiece {
  kind: 'message'
  /** Which content part it belongs to. */
  part: number
  isRefusal: boolean
}

export function createMessageItem(speech: Speech): MessageItem {
  beginMessage(speech)
  return { kind: 'message', speech, said: new Map() }
}

export function readText({ speech, said }: MessageItem, piece: MessagePiece, parts: Part[]): void {
  const before = said.get(piece.part) ?? ''
  const text = unsaid(piece, before)
  said.set(piece.part, before + text)
  if (piece.isRefusal) {
    speech.refusal += text
  }
  say(speech, text, parts)
}

/** `final` is absent where the answer ended before the item did. */
export function endMessage(item: MessageItem, final: JsonObject | undefined, parts: Part[]): void {
  for (const [part, content] of asArray(final?.['content']).entries()) {
    if (isObject(content)) {
      const refusal = asString(content['refusal'])
      const text = refusal ?? asString(content['text']) ?? ''
      const isRefusal = refusal !== undefined
      readText(item, { kind: 'message', text, part, isWhole: true, isRefusal }, parts)
    }
  }
}
