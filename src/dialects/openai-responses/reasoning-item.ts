/**
 * A reasoning item: one thinking block. Its summary is shown where there is one, else the reasoning
 * itself; its state is that of the final item, since encrypted content grows until then.
 */
import type { JsonObject } from '../../anthropic/json.ts'
import type { Part } from '../../anthropic/part.ts'
import type { TextPiece } from './piece.ts'
import { unsaid } from './piece.ts'
import type { ReasoningState } from './reasoning.ts'
import { textsOf, toItemState } from './reasoning.ts'

export interface ReasoningItem {
  kind: 'reasoning'
  /** What is shown: the first that speaks. Some providers say both. */
  shows: 'summary' | 'content' | undefined
  /** What was said of each part. */
  said: Map<number, string>
  state: ReasoningState
}

export interface ReasoningPiece extends TextPiece {
  kind: 'reasoning'
  /** Which part of the summary or the content it belongs to. */
  part: number
  from: 'summary' | 'content'
}

export function createReasoningItem(): ReasoningItem {
  return { kind: 'reasoning', shows: undefined, said: new Map(), state: {} }
}

/** Parts are paragraphs. */
export function readThought(item: ReasoningItem, piece: ReasoningPiece, parts: Part[]): void {
  const before = item.said.get(piece.part)
  const text = unsaid(piece, before ?? '')
  item.shows ??= text === '' ? undefined : piece.from
  if (text === '' || item.shows !== piece.from) {
    return
  }
  const isNext = before === undefined && item.said.size > 0
  item.said.set(piece.part, (before ?? '') + text)
  parts.push({ type: 'thinking', text: isNext ? `\n\n${text}` : text })
}

/** `final` is absent where the answer ended before the item did: it has no state then. */
export function endReasoning(
  item: ReasoningItem,
  final: JsonObject | undefined,
  parts: Part[],
): void {
  if (final === undefined) {
    return
  }
  const hasSummary = textsOf(final, 'summary').some((text) => text !== '')
  const shows = item.shows ?? (hasSummary ? 'summary' : 'content')
  for (const [part, text] of textsOf(final, shows).entries()) {
    readThought(item, { kind: 'reasoning', text, part, isWhole: true, from: shows }, parts)
  }
  item.state = {
    item: toItemState(final, shows),
    ...(shows === 'content' && item.said.size > 0 ? { shows } : {}),
  }
}

/** Whether a block is worth having: there is something to show, or something to send back. */
export function isWorthSigning({ said, state }: ReasoningItem): boolean {
  return said.size > 0 || typeof state.item?.['encrypted_content'] === 'string'
}
