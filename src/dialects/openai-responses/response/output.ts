/**
 * The output items of one answer: assigns each event to its item, which builds the parts.
 *
 * Items are identified by their index in the output, since some providers (Copilot) change their
 * ids from event to event. Items of tools that the provider runs itself (code, MCP, and custom tools,
 * of which the gateway offers none) give no parts; web search does where the gateway offers it.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asCount, asString, isObject } from '../../../anthropic/json.ts'
import { defined } from '../../../platform/defined.ts'
import type { TargetModel } from '../../dialect.ts'
import type { PartBuilder } from '../../shared/answer/part-builder.ts'
import { asPhase, signReasoning } from '../reasoning.ts'
import type { CallPiece } from './call-item.ts'
import { CallItem } from './call-item.ts'
import type { MessagePiece } from './message-item.ts'
import { MessageItem } from './message-item.ts'
import type { ReasoningPiece } from './reasoning-item.ts'
import { ReasoningItem } from './reasoning-item.ts'
import { SearchItem } from './search-item.ts'

type Item = MessageItem | ReasoningItem | CallItem | SearchItem | { kind: 'other' }

interface Entry {
  /** The item's index in the output; some servers do not send it. */
  place: number | undefined
  /** The provider's id of the item, if it has one. */
  id: string | undefined
  /** The provider's id of a call, by which its result is matched. */
  callId: string | undefined
  item: Item
  isDone: boolean
}

/** A delta of any output item. */
export type Piece = MessagePiece | ReasoningPiece | CallPiece

/** Events are assigned to items by looking through them. No answer that is meant has so many. */
const maxItems = 500

/** Builds the parts of one answer from the events of its output items. */
export class Output {
  readonly #target: TargetModel
  readonly #parts: PartBuilder
  /** The items in the order in which they began. */
  readonly #entries: Entry[] = []
  /** Complete reasoning, which is signed when the next item is known. */
  #unsigned: ReasoningItem | undefined

  constructor(target: TargetModel, parts: PartBuilder) {
    this.#target = target
    this.#parts = parts
  }

  /** Reads an event with a new item and its index. */
  readAdded(event: JsonObject): void {
    const item = isObject(event['item']) ? event['item'] : {}
    const known = this.#find(event, kindOf(item))
    const isRepeated = known?.isDone === false && known.id === idOf(event)
    const entry = isRepeated ? known : this.#add(event, item)
    if (entry.item.kind === 'call') {
      entry.item.name(item['name'])
    }
  }

  /** Reads a delta; `event` has the item's index. An item that was not announced begins here. */
  readPiece(event: JsonObject, piece: Piece): void {
    const known = this.#find(event, piece.kind)
    if (known?.isDone === true || (known === undefined && this.#isHosted(event))) {
      return
    }
    const { item } = known ?? this.#add(event, { type: itemTypes[piece.kind] })
    if (item.kind === 'message' && piece.kind === 'message') {
      item.read(piece)
    } else if (item.kind === 'reasoning' && piece.kind === 'reasoning') {
      item.read(piece)
    } else if (item.kind === 'call' && piece.kind === 'call') {
      item.name(piece.name)
      item.read(piece)
    }
  }

  /** Reads an annotation of a message's text so far. */
  readAnnotation(event: JsonObject): void {
    const item = this.#find(event, 'message')?.item
    if (item?.kind === 'message' && isObject(event['annotation'])) {
      item.annotate(event['annotation'])
    }
  }

  /** Reads an event with a final item and its index. The item may not have been announced. */
  readDone(event: JsonObject): void {
    const final = isObject(event['item']) ? event['item'] : {}
    const known = this.#find(event, kindOf(final))
    if (known?.isDone === true && known.id === idOf(event)) {
      return
    }
    const entry = known?.isDone === false ? known : this.#add(event, final)
    this.#endEntry(entry, final)
  }

  /**
   * Ends all items. `finals` are the items of the complete response, by index; they are the answer
   * itself if no event had an item.
   */
  end(finals: readonly unknown[]): void {
    if (this.#entries.length === 0) {
      for (const [place, item] of finals.slice(0, maxItems + 1).entries()) {
        this.readDone({ output_index: place, item })
      }
    }
    const items = finals.slice(0, maxItems + 1).filter(isObject)
    for (const entry of this.#entries) {
      this.#endEntry(entry, entry.isDone ? undefined : findFinal(entry, items))
    }
    this.#sign(undefined)
  }

  /** Whether any call has arguments but never had a name. */
  get hasNamelessCall(): boolean {
    return this.#entries.some(({ item }) => item.kind === 'call' && item.lacksName)
  }

  #endEntry(entry: Entry, final: JsonObject | undefined): void {
    const { item, isDone } = entry
    entry.isDone = true
    if (isDone || item.kind === 'other') {
      return
    }
    item.end(final)
    if (item.kind === 'reasoning') {
      this.#sign({ type: 'reasoning' })
      this.#unsigned = item
    }
  }

  /** Separates two parts of a summary, for deltas without an index of their part. */
  separateParts(event: JsonObject): void {
    const item = this.#find(event, 'reasoning')?.item
    if (item?.kind === 'reasoning') {
      item.separate()
    }
  }

  #add(event: JsonObject, item: JsonObject): Entry {
    if (this.#entries.length === maxItems) {
      this.#parts.invalid(`more than ${maxItems} output items`)
    }
    this.#sign(item)
    this.#signUnfinished()
    if (kindOf(item) === 'reasoning') {
      // The message before it is complete, since items are sequential.
      this.#parts.endText()
    }
    const entry = {
      place: asCount(event['output_index']),
      id: idOf(event),
      callId: asString(item['call_id']) || undefined,
      item: createItem(kindOf(item), this.#parts),
      isDone: false,
    }
    this.#entries.push(entry)
    return entry
  }

  /** Signs unsigned reasoning. `follower` is the next item; undefined at the end. */
  #sign(follower: JsonObject | undefined): void {
    const reasoning = this.#unsigned
    this.#unsigned = undefined
    if (reasoning?.isWorthSigning !== true) {
      return
    }
    const { item, shows } = reasoning.state
    const phase = asPhase(follower?.['phase'])
    const isKept = follower === undefined || !hosted.has(kindOf(follower))
    const signature = signReasoning(this.#target, {
      ...(item === undefined || !isKept ? {} : { item }),
      ...defined({ shows, phase }),
    })
    this.#parts.sign(signature)
  }

  /**
   * Signs reasoning that has not ended when another item begins (OpenRouter). Its state is signed
   * later, in a block of its own.
   */
  #signUnfinished(): void {
    const isUnfinished = this.#entries.some(
      ({ item, isDone }) => item.kind === 'reasoning' && !isDone,
    )
    if (isUnfinished && this.#parts.isThinking) {
      this.#parts.sign(signReasoning(this.#target, {}))
    }
  }

  /** Finds the item of that kind for an event: by id, else by index, else the last open one. */
  #find(event: JsonObject, kind: Item['kind']): Entry | undefined {
    const place = asCount(event['output_index'])
    return (
      this.#entries.findLast((entry) => entry.item.kind === kind && hasId(entry, event)) ??
      this.#entries.findLast((entry) => {
        if (entry.item.kind !== kind) {
          return false
        }
        const isPlaced = place !== undefined && entry.place !== undefined
        return isPlaced ? entry.place === place : !entry.isDone
      })
    )
  }

  /** Whether an event belongs to a tool that the provider runs itself. */
  #isHosted(event: JsonObject): boolean {
    const place = asCount(event['output_index'])
    const entry = this.#entries.findLast(
      (other) => hasId(other, event) || (place !== undefined && other.place === place),
    )
    return entry !== undefined && hosted.has(entry.item.kind)
  }
}

/** Items that the provider makes and does not take back. */
const hosted: ReadonlySet<Item['kind']> = new Set(['search', 'other'])

const itemTypes = { message: 'message', reasoning: 'reasoning', call: 'function_call' } as const

function kindOf({ type }: JsonObject): Item['kind'] {
  switch (type) {
    case 'message':
    case 'reasoning':
      return type
    case 'function_call':
      return 'call'
    case 'web_search_call':
    case 'search_results':
      return 'search'
    default:
      return 'other'
  }
}

function createItem(kind: Item['kind'], parts: PartBuilder): Item {
  switch (kind) {
    case 'message':
      return new MessageItem(parts)
    case 'reasoning':
      return new ReasoningItem(parts)
    case 'call':
      return new CallItem(parts)
    case 'search':
      return new SearchItem(parts)
    case 'other':
      return { kind }
  }
}

/** Finds an entry's item in a complete response: by id or call id, else by index. */
function findFinal({ item, id, callId, place }: Entry, finals: readonly JsonObject[]) {
  const sameKind = finals.filter((final) => kindOf(final) === item.kind)
  const named = sameKind.filter(
    (final) =>
      (id !== undefined && final['id'] === id) ||
      (callId !== undefined && final['call_id'] === callId),
  )
  const placed = place === undefined ? undefined : finals[place]
  return named.length === 1 ? named[0] : sameKind.find((final) => final === placed)
}

/**
 * Whether an entry has an event's id. Ids may be the same for all items, so the indices must not
 * differ.
 */
function hasId({ id, place }: Entry, event: JsonObject): boolean {
  const other = asCount(event['output_index']) ?? place
  return id !== undefined && id === idOf(event) && (place ?? other) === other
}

function idOf({ item, item_id: id }: JsonObject): string | undefined {
  return asString(isObject(item) ? item['id'] : id) || undefined
}
