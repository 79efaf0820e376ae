import type { Part } from '../../../anthropic/answer/part.ts'
/**
 * A function call: begun when its name is known, and its arguments told as they come.
 *
 *   nameless ──name──▶ open ──`{…`──▶ telling ──┐ piece
 *      │                │              │   ▲────┘
 *      │ done           └────done──────┴──done──▶ ended
 *      └──▶ nothing is told
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asString, isObject, parseJson } from '../../../anthropic/json.ts'
import type { ReadContext } from '../../dialect.ts'
import type { Speech } from './speech.ts'
import { interrupt } from './speech.ts'
import { unsaid } from './unsaid.ts'

export interface CallItem {
  kind: 'call'
  context: ReadContext
  speech: Speech
  /** Its number in the parts. */
  call: number
  phase: 'nameless' | 'open' | 'telling' | 'ended'
  /** The arguments so far, as they came. */
  arguments: string
  /** Those that may not be said yet: the name is missing, or they may be no object. */
  held: string
}

export interface CallPiece {
  kind: 'call'
  text: string
  /** It is all of the arguments, and not what comes next of them. */
  isWhole: boolean
  /** Of the function, where it is said here. */
  name: unknown
}

export function createCallItem(context: ReadContext, speech: Speech, call: number): CallItem {
  return { kind: 'call', context, speech, call, phase: 'nameless', arguments: '', held: '' }
}

/** Begins the call, where it has not begun. Its id is ours: providers count theirs from 0 each time. */
export function nameCall(item: CallItem, name: unknown, parts: Part[]): void {
  if (item.phase !== 'nameless' || typeof name !== 'string' || name === '') {
    return
  }
  const { context, speech, call } = item
  item.phase = 'open'
  interrupt(speech)
  const clientName = context.toolNames.get(name) ?? name
  parts.push({ type: 'tool-start', call, id: context.newToolId(), name: clientName })
  release(item, parts)
}

export function readArguments(
  item: CallItem,
  { text, isWhole }: Pick<CallPiece, 'text' | 'isWhole'>,
  parts: Part[],
): void {
  const rest = isWhole ? unsaid(text, item.arguments) : text
  item.arguments += rest
  item.held += rest
  release(item, parts)
}

/** `final` is absent where the answer ended before the item did. */
export function endCall(item: CallItem, final: JsonObject | undefined, parts: Part[]): void {
  nameCall(item, final?.['name'], parts)
  readArguments(item, { text: toText(final?.['arguments']), isWhole: true }, parts)
  if (item.phase === 'nameless') {
    return
  }
  push(item, toObjectText(item.held), parts)
  item.phase = 'ended'
  parts.push({ type: 'tool-end', call: item.call })
}

/** Whether there are arguments for nobody. */
export function isNameless({ phase, held }: CallItem): boolean {
  return phase === 'nameless' && held.trim() !== ''
}

/** Some servers give the object itself. */
function toText(value: unknown): string {
  return isObject(value) ? JSON.stringify(value) : (asString(value) ?? '')
}

function release(item: CallItem, parts: Part[]): void {
  if (item.phase === 'open' && item.held.trimStart().startsWith('{')) {
    item.phase = 'telling'
  }
  if (item.phase === 'telling') {
    push(item, item.held, parts)
    item.held = ''
  }
}

function push({ call }: CallItem, json: string, parts: Part[]): void {
  if (json !== '') {
    parts.push({ type: 'tool-delta', call, json })
  }
}

/** Nothing for null, and JSON that was encoded twice once; what is no object is shown as it is. */
function toObjectText(text: string): string {
  const value = parseJson(text)
  if (value === null) {
    return ''
  }
  return typeof value === 'string' && isObject(parseJson(value)) ? value : text
}
