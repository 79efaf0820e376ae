/** A message, as it is said: deltas, then what the final item has beyond them. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asString, isObject } from '../../anthropic/json.ts'
import type { Part } from '../../anthropic/part.ts'
import type { Speech } from './speech.ts'
import { beginMessage, say } from './speech.ts'

export interface MessageItem {
  kind: 'message'
  speech: Speech
  /** What was said of each content part. */
  said: Map<number, string>
}

export function createMessageItem(speech: Speech): MessageItem {
  beginMessage(speech)
  return { kind: 'message', speech, said: new Map() }
}

export interface TextPiece {
  text: string
  /** Which content part it belongs to. */
  part: number
  isRefusal: boolean
}

export function readTextDelta(
  { speech, said }: MessageItem,
  { text, part, isRefusal }: TextPiece,
  parts: Part[],
): void {
  said.set(part, (said.get(part) ?? '') + text)
  if (isRefusal) {
    speech.refusal += text
  }
  say(speech, text, parts)
}

/** A whole part: says what no delta said. Where the two disagree, what was said stands. */
export function readWholeText(item: MessageItem, piece: TextPiece, parts: Part[]): void {
  const said = item.said.get(piece.part) ?? ''
  if (piece.text.startsWith(said)) {
    readTextDelta(item, { ...piece, text: piece.text.slice(said.length) }, parts)
  }
}

export function endMessage(item: MessageItem, final: JsonObject | undefined, parts: Part[]): void {
  for (const [part, content] of asArray(final?.['content']).entries()) {
    if (isObject(content)) {
      const refusal = asString(content['refusal'])
      const text = refusal ?? asString(content['text']) ?? ''
      readWholeText(item, { text, part, isRefusal: refusal !== undefined }, parts)
    }
  }
}
