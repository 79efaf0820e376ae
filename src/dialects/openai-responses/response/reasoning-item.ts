import type { Part } from '../../../anthropic/answer/part.ts'
/**
 * A reasoning item: one thinking block. Its summary is shown where there is one, else the reasoning
 * itself; its state is that of the final item, since encrypted content grows until then.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import type { ReasoningState } from '../reasoning.ts'
import { textsOf, toItemState } from '../reasoning.ts'
import { unsaid } from './unsaid.ts'

export interface ReasoningItem {
  kind: 'reasoning'
  /** What is shown: the first that speaks. Some providers say both. */
  shows: 'summary' | 'content' | undefined
  said: string
  /** The part that was said last. */
  part: number | undefined
  state: ReasoningState
}

export interface ReasoningPiece {
  kind: 'reasoning'
  text: string
  /** Which part of the summary or the content it belongs to. */
  part: number
  from: 'summary' | 'content'
}

export function createReasoningItem(): ReasoningItem {
  return { kind: 'reasoning', shows: undefined, said: '', part: undefined, state: {} }
}

/** Parts are paragraphs. */
const between = '\n\n'

export function readThought(
  item: ReasoningItem,
  { text, part, from }: ReasoningPiece,
  parts: Part[],
): void {
  if (text === '') {
    return
  }
  item.shows ??= from
  if (item.shows === from) {
    const isNext = item.said !== '' && item.part !== part
    item.part = part
    think(item, isNext ? between + text : text, parts)
  }
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
  const summary = textsOf(final, 'summary').join(between)
  const shows = item.shows ?? (summary === '' ? 'content' : 'summary')
  const whole = shows === 'summary' ? summary : textsOf(final, shows).join(between)
  think(item, unsaid(whole, item.said), parts)
  item.state = {
    item: toItemState(final, shows),
    ...(shows === 'content' && item.said !== '' ? { shows } : {}),
  }
}

function think(item: ReasoningItem, text: string, parts: Part[]): void {
  if (text !== '') {
    item.said += text
    parts.push({ type: 'thinking-delta', text })
  }
}

/** Whether a block is worth having: there is something to show, or something to send back. */
export function isWorthSigning({ said, state }: ReasoningItem): boolean {
  return said !== '' || typeof state.item?.['encrypted_content'] === 'string'
}
