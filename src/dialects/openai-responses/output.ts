/**
 * The output items of one answer: each event finds its item, and each item is told in parts.
 *
 *   before ──first item: start──▶ reading ──finish──▶ after     failure: from anywhere ──▶ after
 *
 * Items are told apart by their place in the output, since some providers (Copilot) change their ids
 * from event to event. Items that the provider ran itself (web search, code, MCP, and custom tools,
 * of which the gateway offers none) say nothing to the client.
 */
import type { Failure } from '../../anthropic/error.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asCount, asString, isObject } from '../../anthropic/json.ts'
import type { Part } from '../../anthropic/part.ts'
import type { ReadContext, TargetModel } from '../dialect.ts'
import type { CallItem } from './call-item.ts'
import {
  createCallItem,
  endCall,
  isNameless,
  nameCall,
  readArgumentsDelta,
  readWholeArguments,
} from './call-item.ts'
import type { MessageItem } from './message-item.ts'
import { createMessageItem, endMessage, readTextDelta, readWholeText } from './message-item.ts'
import { asPhase, signReasoning } from './reasoning.ts'
import type { ReasoningItem } from './reasoning-item.ts'
import {
  createReasoningItem,
  endReasoning,
  isWorthSigning,
  readReasoningDelta,
  readWholeReasoning,
} from './reasoning-item.ts'
import type { Speech } from './speech.ts'
import { createSpeech } from './speech.ts'

type Item = MessageItem | ReasoningItem | CallItem | { kind: 'other' }

interface Entry {
  /** The provider's name of it, where it has one. */
  id: string | undefined
  item: Item
  isDone: boolean
}

/** One answer being read. Made by {@link createOutput}; not to be shared. */
export interface Output {
  phase: 'before' | 'reading' | 'after'
  target: TargetModel
  context: ReadContext
  speech: Speech
  /** In the order in which they began. */
  entries: Entry[]
  /** By place in the output. */
  places: Map<number, Entry>
  /** A thought that is complete, and is signed when it is known what follows it. */
  thought: ReasoningItem | undefined
  calls: number
}

export function createOutput(target: TargetModel, context: ReadContext): Output {
  return {
    phase: 'before',
    target,
    context,
    speech: createSpeech(),
    entries: [],
    places: new Map(),
    thought: undefined,
    calls: 0,
  }
}

/** A piece of an item, or with `isWhole` all of one of its parts. */
export interface Piece {
  kind: 'message' | 'reasoning' | 'call'
  /** Of reasoning: where it stands in the item. Of a message: what it is. */
  field: 'text' | 'refusal' | 'summary' | 'content' | 'arguments'
  isWhole: boolean
  text: string
  part: number
}

export function readItemAdded(output: Output, event: JsonObject, parts: Part[]): void {
  const item = isObject(event['item']) ? event['item'] : {}
  const entry = add(output, event, kindOf(item), item, parts)
  if (entry.item.kind === 'call') {
    nameCall(entry.item, item['name'], parts)
  }
}

export function readPiece(output: Output, event: JsonObject, piece: Piece, parts: Part[]): void {
  const known = find(output, event)
  if (known?.item.kind === 'other') {
    return
  }
  const entry =
    known?.item.kind === piece.kind && !known.isDone
      ? known
      : known?.item.kind === piece.kind && piece.isWhole
        ? undefined
        : add(output, event, piece.kind, {}, parts)
  if (entry === undefined) {
    return
  }
  const { field, text, part, isWhole } = piece
  switch (entry.item.kind) {
    case 'message': {
      const said = { text, part, isRefusal: field === 'refusal' }
      ;(isWhole ? readWholeText : readTextDelta)(entry.item, said, parts)
      break
    }
    case 'reasoning': {
      const said = { text, part, from: field === 'summary' ? ('summary' as const) : ('content' as const) }
      ;(isWhole ? readWholeReasoning : readReasoningDelta)(entry.item, said, parts)
      break
    }
    case 'call':
      nameCall(entry.item, event['name'], parts)
      ;(isWhole ? readWholeArguments : readArgumentsDelta)(entry.item, text, parts)
      break
    case 'other':
      break
  }
}
