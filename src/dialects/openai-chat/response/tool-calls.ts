/**
 * Tool calls as providers stream them: parallel, interleaved, without an index, with a late,
 * repeated or empty id or name, several on one index. Assigns every delta to its call, and starts a
 * call when its name is known.
 *
 *   nameless ──name──▶ open ──other content begins, and the arguments are complete──▶ ended
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
  /** Argument deltas that arrived before the name. */
  buffered: string
  /** The last signature that was emitted for the call; deltas may repeat it. */
  signature: string | undefined
}

/** The phase of a call; `number` is its number in the parts. */
type Phase = { name: 'nameless' | 'ended' } | { name: 'open'; number: number }

/** Deltas are assigned to calls by looking through them. No answer that is meant has so many. */
const maxCalls = 500

/** The tool calls of one answer. */
export class ToolCalls {
  readonly #target: TargetModel
  readonly #parts: PartBuilder
  readonly #calls: Call[] = []

  constructor(target: TargetModel, parts: PartBuilder) {
    this.#target = target
    this.#parts = parts
  }

  /**
   * Whether an entry starts a call or has a signature, so that the text before it must be closed.
   */
  interrupts(entry: ToolEntry, choice: number): boolean {
    const call = findCall(this.#calls, entry, choice)
    return (
      (entry.name !== undefined && call?.name === undefined) ||
      this.#newSignature(entry, call) !== undefined
    )
  }

  /** Reads one entry of `tool_calls` of the choice with that index. */
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

  /** Ends the calls with complete arguments, since other content begins. */
  endComplete(): void {
    for (const call of this.#calls) {
      if (call.phase.name === 'open' && call.arguments.isComplete) {
        this.#parts.endCall(call.phase.number)
        call.phase = { name: 'ended' }
      }
    }
  }

  /** Ends all calls: emits what is buffered. */
  end(): void {
    this.#calls.forEach((call) => this.#input(call, call.arguments.rest))
    if (this.#calls.some((call) => call.arguments.isRepaired)) {
      this.#parts.repaired('tool_use.input', 'object')
    }
  }

  /** Whether the arguments of any call are truncated. */
  get isTruncated(): boolean {
    return this.#calls.some((call) => !call.arguments.isWholeAtEnd)
  }

  /** Whether any call never had a name, so that the client cannot run it. */
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
    if (this.#calls.length === maxCalls) {
      this.#parts.invalid(`more than ${maxCalls} tool calls`)
    }
    this.#calls.push(call)
    return call
  }

  #newSignature({ raw }: ToolEntry, call: Call | undefined): string | undefined {
    const signature = signCall(this.#target, raw)
    return signature === call?.signature ? undefined : signature
  }

  /**
   * Emits arguments of a call. An ended call has complete arguments, which later deltas only
   * repeat.
   */
  #input({ phase }: Call, json: string): void {
    if (phase.name === 'open') {
      this.#parts.input(phase.number, json)
    }
  }
}

/** The call that an entry continues; undefined if it begins one. */
function findCall(calls: readonly Call[], entry: ToolEntry, choice: number): Call | undefined {
  const { index, id } = entry
  if (index !== undefined) {
    const last = calls.findLast((call) => call.choice === choice && call.index === index)
    return last === undefined ? findOpen(calls, entry, choice) : unlessNew(last, entry)
  }
  const known = id === undefined ? undefined : calls.find((call) => call.id === id)
  const last = calls.findLast((call) => call.choice === choice)
  return known ?? unlessNew(last, entry)
}

/**
 * Finds the open call for an entry with only arguments, which belongs to it whatever its index
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
 * The call, or undefined if the entry begins a new one on the same index: by a different id, or a
 * different name if it has no id. The same id or name does not (some providers repeat both on every
 * delta), unless complete arguments follow complete arguments.
 */
function unlessNew(call: Call | undefined, { id, name, json }: ToolEntry): Call | undefined {
  if (call === undefined || (id !== undefined && id === call.id)) {
    return call
  }
  const isOtherId = id !== undefined && call.id !== undefined
  const isOtherName = name !== undefined && call.name !== undefined && name !== call.name
  const isNew = name !== undefined && call.arguments.isFollowedBy(json)
  return isOtherId || isOtherName || isNew ? undefined : call
}
