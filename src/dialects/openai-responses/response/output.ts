import type { Part } from '../../../anthropic/answer/part.ts'
/**
 * The output items of one answer: each event finds its item, and each item is told in parts.
 *
 * Items are told apart by their place in the output, since some providers (Copilot) change their ids
 * from event to event. Items that the provider ran itself (web search, code, MCP, and custom tools,
 * of which the gateway offers none) say nothing to the client.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asCount, asString, isObject } from '../../../anthropic/json.ts'
import type { ReadContext, TargetModel } from '../../dialect.ts'
import { asPhase, signReasoning } from '../reasoning.ts'
import type { CallItem, CallPiece } from './call-item.ts'
import { createCallItem, endCall, isNameless, nameCall, readArguments } from './call-item.ts'
import type { MessageItem, MessagePiece } from './message-item.ts'
import { createMessageItem, endMessage, readText } from './message-item.ts'
import type { ReasoningItem, ReasoningPiece } from './reasoning-item.ts'
import { createReasoningItem, endReasoning, isWorthSigning, readThought } from './reasoning-item.ts'
import type { Speech } from './speech.ts'
import { createSpeech, endSpeech } from './speech.ts'

type Item = MessageItem | ReasoningItem | CallItem | { kind: 'other' }

interface Entry {
  /** In the output; some servers do not say. */
  place: number | undefined
  /** The provider's name of it, where it has one. */
  id: string | undefined
  item: Item
  isDone: boolean
}

/** The items of one answer. Made by {@link createOutput}; not to be shared. */
export interface Output {
  target: TargetModel
  context: ReadContext
  speech: Speech
  /** In the order in which they began. */
  entries: Entry[]
  /** A thought that is complete, and is signed when it is known what follows it. */
  thought: ReasoningItem | undefined
  calls: number
}

export function createOutput(target: TargetModel, context: ReadContext): Output {
  return {
    target,
    context,
    speech: createSpeech(),
    entries: [],
    thought: undefined,
    calls: 0,
  }
}

export type Piece = MessagePiece | ReasoningPiece | CallPiece

/** `event` has the item, and its place. */
export function readItemAdded(output: Output, event: JsonObject, parts: Part[]): void {
  const item = isObject(event['item']) ? event['item'] : {}
  const known = find(output, event, kindOf(item))
  const isRepeated = known?.isDone === false && known.id === idOf(event)
  const entry = isRepeated ? known : add(output, event, item, parts)
  if (entry.item.kind === 'call') {
    nameCall(entry.item, item['name'], parts)
  }
}

/** `event` has the place. An item that was never announced begins here. */
export function readPiece(output: Output, event: JsonObject, piece: Piece, parts: Part[]): void {
  const known = find(output, event, piece.kind)
  if (known?.isDone === true || (known === undefined && isHosted(output, event))) {
    return
  }
  const entry = known ?? add(output, event, { type: itemTypes[piece.kind] }, parts)
  tellPiece(entry.item, piece, parts)
}

function tellPiece(item: Item, piece: Piece, parts: Part[]): void {
  if (item.kind === 'message' && piece.kind === 'message') {
    readText(item, piece, parts)
  } else if (item.kind === 'reasoning' && piece.kind === 'reasoning') {
    readThought(item, piece, parts)
  } else if (item.kind === 'call' && piece.kind === 'call') {
    nameCall(item, piece.name, parts)
    readArguments(item, piece, parts)
  }
}

/** `event` has the final item, and its place. An item may come whole. */
export function readItemDone(output: Output, event: JsonObject, parts: Part[]): void {
  const final = isObject(event['item']) ? event['item'] : {}
  const known = find(output, event, kindOf(final))
  if (known?.isDone === true && known.id === idOf(event)) {
    return
  }
  const entry = known?.isDone === false ? known : add(output, event, final, parts)
  endEntry(output, entry, final, parts)
}

/** Nothing more will come. `finals` are the items as the whole answer has them, by place. */
export function endOutput(output: Output, finals: readonly unknown[], parts: Part[]): void {
  if (output.entries.length === 0) {
    for (const [place, item] of finals.entries()) {
      readItemDone(output, { output_index: place, item }, parts)
    }
  }
  for (const entry of output.entries) {
    const final = entry.place === undefined ? undefined : finals[entry.place]
    const isSame = isObject(final) && kindOf(final) === entry.item.kind
    endEntry(output, entry, isSame ? final : undefined, parts)
  }
  settleThought(output, undefined, parts)
}

/** Whether there are arguments for a call whose name never came. */
export function hasNamelessCall({ entries }: Output): boolean {
  return entries.some(({ item }) => item.kind === 'call' && isNameless(item))
}

function endEntry(
  output: Output,
  entry: Entry,
  final: JsonObject | undefined,
  parts: Part[],
): void {
  const { item, isDone } = entry
  if (isDone) {
    return
  }
  entry.isDone = true
  switch (item.kind) {
    case 'message':
      endMessage(item, final, parts)
      break
    case 'reasoning':
      endReasoning(item, final, parts)
      settleThought(output, { type: 'reasoning' }, parts)
      output.thought = item
      break
    case 'call':
      endCall(item, final, parts)
      break
    case 'other':
      break
  }
}

function add(output: Output, event: JsonObject, item: JsonObject, parts: Part[]): Entry {
  settleThought(output, item, parts)
  if (kindOf(item) === 'reasoning') {
    endSpeech(output.speech, parts)
  }
  const entry = {
    place: asCount(event['output_index']),
    id: idOf(event),
    item: createItem(output, kindOf(item)),
    isDone: false,
  }
  output.entries.push(entry)
  return entry
}

/** `follower` is the item that comes after it; undefined at the end of the answer. */
function settleThought(output: Output, follower: JsonObject | undefined, parts: Part[]): void {
  const { thought, target } = output
  output.thought = undefined
  if (thought === undefined || !isWorthSigning(thought)) {
    return
  }
  const { item, shows } = thought.state
  const phase = asPhase(follower?.['phase'])
  const isKept = follower === undefined || kindOf(follower) !== 'other'
  const signature = signReasoning(target, {
    ...(item === undefined || !isKept ? {} : { item }),
    ...(shows === undefined ? {} : { shows }),
    ...(phase === undefined ? {} : { phase }),
  })
  parts.push({ type: 'signature', signature })
}

function createItem(output: Output, kind: Item['kind']): Item {
  switch (kind) {
    case 'message':
      return createMessageItem(output.speech)
    case 'reasoning':
      return createReasoningItem()
    case 'call':
      output.calls += 1
      return createCallItem(output.context, output.speech, output.calls - 1)
    case 'other':
      return { kind }
  }
}

const itemTypes = { message: 'message', reasoning: 'reasoning', call: 'function_call' } as const

function kindOf({ type }: JsonObject): Item['kind'] {
  switch (type) {
    case 'message':
    case 'reasoning':
      return type
    case 'function_call':
      return 'call'
    default:
      return 'other'
  }
}

/**
 * The item of that kind that an event speaks of: by id, else by place; where it has none that is
 * known, the last one that is open.
 */
function find({ entries }: Output, event: JsonObject, kind: Item['kind']): Entry | undefined {
  const place = asCount(event['output_index'])
  return (
    entries.findLast((entry) => entry.item.kind === kind && hasId(entry, event)) ??
    entries.findLast((entry) => {
      if (entry.item.kind !== kind) {
        return false
      }
      const isPlaced = place !== undefined && entry.place !== undefined
      return isPlaced ? entry.place === place : !entry.isDone
    })
  )
}

/** Whether an event speaks of what the provider runs itself. */
function isHosted({ entries }: Output, event: JsonObject): boolean {
  const place = asCount(event['output_index'])
  const entry = entries.findLast(
    (other) => hasId(other, event) || (place !== undefined && other.place === place),
  )
  return entry?.item.kind === 'other'
}

/** Ids may be the same for all items: two that stand in different places are two. */
function hasId({ id, place }: Entry, event: JsonObject): boolean {
  const other = asCount(event['output_index']) ?? place
  return id !== undefined && id === idOf(event) && (place ?? other) === other
}

function idOf({ item, item_id: id }: JsonObject): string | undefined {
  return asString(isObject(item) ? item['id'] : id) || undefined
}
