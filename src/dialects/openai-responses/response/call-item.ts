/**
 * A function call, which is started when its name is known, with its arguments emitted as they
 * arrive.
 *
 *   nameless ──name──▶ open ──`{…`──▶ streaming ──┐ delta
 *      │                │              │   ▲──────┘
 *      │ end            └─────end──────┴──end──▶ ended
 *      └──▶ nothing is emitted
 */
import { toExactText } from '../../../anthropic/exact-json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asString, isObject } from '../../../anthropic/json.ts'
import { ObjectExtent, toObjectText } from '../../shared/answer/object-text.ts'
import type { PartBuilder } from '../../shared/answer/part-builder.ts'
import { remainingText } from './remaining-text.ts'

/** A delta, or the whole, of a function call's arguments. */
export interface CallPiece {
  kind: 'call'
  text: string
  /** Whether it is the complete arguments rather than a delta. */
  isComplete: boolean
  /** The function's name, if the event has it. */
  name: unknown
}

type Phase =
  | { name: 'nameless' | 'ended' }
  /** `open`: the arguments may not be an object, and are buffered. */
  | { name: 'open' | 'streaming'; call: number }

/** Builds the parts of one function call. */
export class CallItem {
  readonly kind = 'call'
  readonly #parts: PartBuilder
  #phase: Phase = { name: 'nameless' }
  /** The arguments so far, as received. */
  #arguments = ''
  /** The arguments that cannot be emitted yet. */
  #buffered = ''
  /** The extent of the object in the emitted deltas. */
  readonly #extent = new ObjectExtent()

  constructor(parts: PartBuilder) {
    this.#parts = parts
  }

  /** Starts the call, unless it has started. */
  name(name: unknown): void {
    if (this.#phase.name === 'nameless' && typeof name === 'string' && name !== '') {
      this.#phase = { name: 'open', call: this.#parts.startCall(name) }
      this.#release()
    }
  }

  read({ text, isComplete }: Pick<CallPiece, 'text' | 'isComplete'>): void {
    const rest = isComplete ? remainingText(text, this.#arguments) : text
    this.#arguments += rest
    this.#buffered += rest
    this.#release()
  }

  /** Ends the item; `final` is absent if the answer ended first. */
  end(final: JsonObject | undefined): void {
    this.name(final?.['name'])
    this.read({ text: toText(final?.['arguments']), isComplete: true })
    const phase = this.#phase
    if (phase.name === 'open' || phase.name === 'streaming') {
      this.#phase = { name: 'ended' }
      const object = toObjectText(this.#buffered)
      this.#parts.input(phase.call, this.#extent.clip(object))
      this.#parts.endCall(phase.call)
      if (object !== this.#buffered || this.#extent.hasCut) {
        this.#parts.repaired('tool_use.input', 'object')
      }
    }
  }

  /** Whether the call has arguments but never had a name. */
  get lacksName(): boolean {
    return this.#phase.name === 'nameless' && this.#buffered.trim() !== ''
  }

  #release(): void {
    if (this.#phase.name === 'open' && this.#buffered.trimStart().startsWith('{')) {
      this.#phase = { name: 'streaming', call: this.#phase.call }
    }
    if (this.#phase.name === 'streaming') {
      this.#parts.input(this.#phase.call, this.#extent.clip(this.#buffered))
      this.#buffered = ''
    }
  }
}

/** The arguments as text; some servers send the object itself. */
function toText(value: unknown): string {
  return isObject(value) ? toExactText(value) : (asString(value) ?? '')
}
