/**
 * Tool calls as providers stream them: in parallel, interleaved, without index, with the id or the
 * name late, repeated or empty, several on one index. Here every delta finds its call, and a call is
 * started when its name is known.
 *
 *   nameless ──name──▶ open ──something else begins, and the arguments are whole──▶ ended
 */
import type { TargetModel } from '../../dialect.ts'
import type { PartBuilder } from '../../shared/answer/part-builder.ts'
import { signCall } from './reasoning.ts'
import { ToolArguments } from './tool-arguments.ts'
import type { ToolEntry } from './tool-entry.ts'

interface Call {
  phase: Phase
  choice: number
  index: number | string | undefined
  id: string | undefined
  name: string | undefined
  arguments: ToolArguments
  /** Pieces of the arguments that came before the name. */
  buffered: string
  /** The last signature that was built for it; deltas may repeat it. */
  signature: string | undefined
}

/** `number` is the call's in the parts. */
type Phase = { name: 'nameless' | 'ended' } | { name: 'open'; number: number }

/** The tool calls of one answer. */
export class ToolCalls {
  readonly #target: TargetModel
  readonly #parts: PartBuilder
  readonly #calls: Call[] = []

  constructor(target: TargetModel, parts: PartBuilder) {
    this.#target = target
    this.#parts = parts
  }

  /** Whether an entry starts a call or is signed, so that the text before it is to be closed. */
  interrupts(entry: ToolEntry, choice: number): boolean {
    const call = findCall(this.#calls, entry, choice)
    return (
      (entry.name !== undefined && call?.name === undefined) ||
      this.#newSignature(entry, call) !== undefined
    )
  }

  /** Takes one entry of the choice of that number. */
  read(entry: ToolEntry, choice: number): void {
    const call = findCall(this.#calls, entry, choice) ?? this.#add(entry, choice)
    call.id ??= entry.id
    const signature = this.#newSignature(entry, call)
    if (signature !== undefined) {
      call.signature = signature
      this.#parts.sign(signature)
    }
    if (call.name === undefined && entry.name !== undefined) {
      call.name = entry.name
      call.phase = { name: 'open', number: this.#parts.startCall(entry.name) }
      this.#input(call, call.buffered)
    }
    const json = entry.json === '' ? '' : call.arguments.take(entry.json)
    if (call.phase.name === 'nameless') {
      call.buffered += json
    } else {
      this.#input(call, json)
    }
  }

  /** Something else begins: ends the calls whose arguments are whole, so that it need not wait. */
  endComplete(): void {
    for (const call of this.#calls) {
      if (call.phase.name === 'open' && call.arguments.isComplete) {
        this.#parts.endCall(call.phase.number)
        call.phase = { name: 'ended' }
      }
    }
  }

  /** Nothing more will come: builds what was buffered. */
  end(): void {
    this.#calls.forEach((call) => this.#input(call, call.arguments.rest))
  }

  /** Whether the arguments of a call are truncated. */
  get isTruncated(): boolean {
    return this.#calls.some((call) => !call.arguments.isWholeAtEnd)
  }

  /** Whether a call never had a name: the client cannot run it, and the answer is not what the model meant. */
  get hasNameless(): boolean {
    return this.#calls.some(({ phase }) => phase.name === 'nameless')
  }

  #add({ index, isCustom }: ToolEntry, choice: number): Call {
    const call: Call = {
      phase: { name: 'nameless' },
      choice,
      index,
      id: undefined,
      name: undefined,
      arguments: new ToolArguments(isCustom),
      buffered: '',
      signature: undefined,
    }
    this.#calls.push(call)
    return call
  }

  #newSignature({ raw }: ToolEntry, call: Call | undefined): string | undefined {
    const signature = signCall(this.#target, raw)
    return signature === call?.signature ? undefined : signature
  }

  /** To an ended call nothing can be added: its arguments are whole, and what comes repeats them. */
  #input({ phase }: Call, json: string): void {
    if (phase.name === 'open') {
      this.#parts.input(phase.number, json)
    }
  }
}

/** The call that an entry goes on with; undefined where it begins one. */
function findCall(calls: readonly Call[], entry: ToolEntry, choice: number): Call | undefined {
  const { index, id } = entry
  if (index !== undefined) {
    const last = calls.findLast((call) => call.choice === choice && call.index === index)
    return last === undefined ? findOpen(calls, entry, choice) : orNew(last, entry)
  }
  const known = id === undefined ? undefined : calls.find((call) => call.id === id)
  const last = calls.findLast((call) => call.choice === choice)
  return known ?? orNew(last, entry)
}

/**
 * Pieces of arguments alone belong to the call that is open, whatever index they carry
 * (https://github.com/dirac-run/dirac/pull/215).
 */
function findOpen(
  calls: readonly Call[],
  { id, name }: ToolEntry,
  choice: number,
): Call | undefined {
  const last = calls.findLast((call) => call.choice === choice)
  const isPiece = id === undefined && name === undefined
  return isPiece && last?.arguments.isClosed === false ? last : undefined
}

/**
 * A different id begins a new call on the same index, and so does a different name where no id tells.
 * The same id or name again does not (some providers repeat both on every delta), unless whole
 * arguments follow whole arguments.
 */
function orNew(call: Call | undefined, { id, name, json }: ToolEntry): Call | undefined {
  if (call === undefined || (id !== undefined && id === call.id)) {
    return call
  }
  const isOtherId = id !== undefined && call.id !== undefined
  const isOtherName = name !== undefined && call.name !== undefined && name !== call.name
  const isNew = name !== undefined && call.arguments.isFollowedBy(json)
  return isOtherId || isOtherName || isNew ? undefined : call
}
