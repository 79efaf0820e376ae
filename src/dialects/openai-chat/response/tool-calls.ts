import type { Part } from '../../../anthropic/answer/part.ts'
/**
 * Tool calls as providers stream them: in parallel, interleaved, without index, with the id or the
 * name late, repeated or empty, several on one index. Here every delta finds its call, and a call is
 * begun when its name is known. Ids are ours: upstream ids fit no other upstream.
 *
 *   nameless ──name: tool──▶ open ──something else begins, and the arguments are whole──▶ ended
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import type { ReadContext } from '../../dialect.ts'
import type { ToolArguments } from './tool-arguments.ts'
import {
  beginsAnew,
  createArguments,
  endArguments,
  isBlank,
  isComplete,
  isWholeAtEnd,
  takeArguments,
} from './tool-arguments.ts'
import type { ToolEntry } from './tool-entry.ts'

/** The tool calls of one answer. Made by {@link createToolCalls}; not to be shared. */
export interface ToolCalls {
  all: Call[]
  begun: number
  context: ReadContext
  /** Called before a call begins: what was said before it is to be closed. */
  beforeCall: (parts: Part[]) => void
  /** A signature that must stand before the call; undefined for none. */
  sign: (call: JsonObject) => string | undefined
}

interface Call {
  phase: 'nameless' | 'open' | 'ended'
  choice: number
  index: number | undefined
  id: string | undefined
  name: string | undefined
  arguments: ToolArguments
  /** Pieces that wait for the name. */
  waiting: string
  /** Its number in the parts; set when it begins. */
  number: number
  /** The last one that was pushed for it; deltas may repeat it. */
  signature: string | undefined
}

export function createToolCalls(
  options: Pick<ToolCalls, 'context' | 'beforeCall' | 'sign'>,
): ToolCalls {
  return { all: [], begun: 0, ...options }
}

/** Takes one entry of the choice of that number. */
export function readToolCall(
  calls: ToolCalls,
  entry: ToolEntry,
  choice: number,
  parts: Part[],
): void {
  const call = findCall(calls.all, entry, choice) ?? addCall(calls, entry, choice)
  call.id ??= entry.id
  pushSignature(calls, call, entry, parts)
  if (call.name === undefined && entry.name !== undefined) {
    call.name = entry.name
    begin(calls, call, parts)
  }
  const json = entry.json === '' ? '' : takeArguments(call.arguments, entry.json)
  if (call.phase === 'nameless') {
    call.waiting += json
  } else {
    pushInput(call, json, parts)
  }
}

/** Something else begins: ends the calls whose arguments are whole, so that it need not wait. */
export function settleCalls(calls: ToolCalls, parts: Part[]): void {
  for (const call of calls.all) {
    if (call.phase === 'open' && isComplete(call.arguments)) {
      call.phase = 'ended'
      parts.push({ type: 'tool-end', call: call.number })
    }
  }
}

/** Nothing more will come: says what was held back. */
export function endCalls(calls: ToolCalls, parts: Part[]): void {
  for (const call of calls.all) {
    if (call.phase === 'open') {
      pushInput(call, endArguments(call.arguments), parts)
    }
  }
}

/** Whether the arguments of a call are cut. */
export function hasCutCall(calls: ToolCalls): boolean {
  return calls.all.some((call) => !isWholeAtEnd(call.arguments))
}

/** Whether arguments came for a call that never had a name. */
export function hasNamelessCall(calls: ToolCalls): boolean {
  return calls.all.some((call) => call.phase === 'nameless' && !isBlank(call.arguments))
}

function addCall(calls: ToolCalls, { index, isCustom }: ToolEntry, choice: number): Call {
  const call: Call = {
    phase: 'nameless',
    choice,
    index,
    id: undefined,
    name: undefined,
    arguments: createArguments(isCustom),
    waiting: '',
    number: -1,
    signature: undefined,
  }
  calls.all.push(call)
  return call
}

function begin(calls: ToolCalls, call: Call, parts: Part[]): void {
  const { context } = calls
  const { name = '' } = call
  settleCalls(calls, parts)
  calls.beforeCall(parts)
  call.phase = 'open'
  call.number = calls.begun
  calls.begun += 1
  parts.push({
    type: 'tool-start',
    call: call.number,
    id: context.newToolId(),
    name: context.toolNames.get(name) ?? name,
  })
  pushInput(call, call.waiting, parts)
  call.waiting = ''
}

function pushSignature(calls: ToolCalls, call: Call, { raw }: ToolEntry, parts: Part[]): void {
  const signature = calls.sign(raw)
  if (signature !== undefined && signature !== call.signature) {
    call.signature = signature
    settleCalls(calls, parts)
    calls.beforeCall(parts)
    parts.push({ type: 'signature', signature })
  }
}

/** To an ended call nothing can be added: its arguments are whole, and what comes repeats them. */
function pushInput(call: Call, json: string, parts: Part[]): void {
  if (json !== '' && call.phase === 'open') {
    parts.push({ type: 'tool-delta', call: call.number, json })
  }
}

/** The call that an entry goes on with; undefined where it begins one. */
function findCall(calls: readonly Call[], entry: ToolEntry, choice: number): Call | undefined {
  const { index, id } = entry
  if (index !== undefined) {
    const last = calls.findLast((call) => call.choice === choice && call.index === index)
    return orAnew(last, entry)
  }
  const known = id === undefined ? undefined : calls.find((call) => call.id === id)
  const last = calls.findLast((call) => call.choice === choice)
  return known ?? orAnew(last, entry)
}

/**
 * A different id begins a new call on the same index, and so does a different name where no id tells.
 * The same id or name again does not (some providers repeat both on every delta), unless whole
 * arguments follow whole arguments.
 */
function orAnew(call: Call | undefined, { id, name, json }: ToolEntry): Call | undefined {
  if (call === undefined || (id !== undefined && id === call.id)) {
    return call
  }
  const isOtherId = id !== undefined && call.id !== undefined
  const isOtherName = name !== undefined && call.name !== undefined && name !== call.name
  const isAnew = name !== undefined && beginsAnew(call.arguments, json)
  return isOtherId || isOtherName || isAnew ? undefined : call
}
