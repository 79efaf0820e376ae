/**
 * A function call: started when its name is known, and its arguments emitted as they come.
 *
 *   nameless ──name──▶ open ──`{…`──▶ streaming ──┐ piece
 *      │                │              │   ▲──────┘
 *      │ end            └─────end──────┴──end──▶ ended
 *      └──▶ nothing is emitted
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asString, isObject } from '../../../anthropic/json.ts'
import { ObjectExtent, toObjectText } from '../../shared/answer/object-text.ts'
import type { PartBuilder } from '../../shared/answer/part-builder.ts'
import { remainingText } from './remaining-text.ts'

export interface CallPiece {
  kind: 'call'
  text: string
  /** It is all of the arguments, and not what comes next of them. */
  isWhole: boolean
  /** Of the function, where the event has it. */
  name: unknown
}

type Phase =
  | { name: 'nameless' | 'ended' }
  /** `open`: the arguments may be no object, and are buffered. */
  | { name: 'open' | 'streaming'; call: number }

export class CallItem {
  readonly kind = 'call'
  readonly #parts: PartBuilder
  #phase: Phase = { name: 'nameless' }
  /** The arguments so far, as they came. */
  #arguments = ''
  /** Those that cannot be emitted yet. */
  #buffered = ''
  /** Of what was emitted. */
  readonly #extent = new ObjectExtent()

  constructor(parts: PartBuilder) {
    this.#parts = parts
  }

  /** Starts the call, where it has not started. */
  name(name: unknown): void {
    if (this.#phase.name === 'nameless' && typeof name === 'string' && name !== '') {
      this.#phase = { name: 'open', call: this.#parts.startCall(name) }
      this.#release()
    }
  }

  read({ text, isWhole }: Pick<CallPiece, 'text' | 'isWhole'>): void {
    const rest = isWhole ? remainingText(text, this.#arguments) : text
    this.#arguments += rest
    this.#buffered += rest
    this.#release()
  }

  /** `final` is absent where the answer ended before the item did. */
  end(final: JsonObject | undefined): void {
    this.name(final?.['name'])
    this.read({ text: toText(final?.['arguments']), isWhole: true })
    const phase = this.#phase
    if (phase.name === 'open' || phase.name === 'streaming') {
      this.#phase = { name: 'ended' }
      this.#parts.input(phase.call, this.#extent.clip(toObjectText(this.#buffered)))
      this.#parts.endCall(phase.call)
    }
  }

  /** Whether there are arguments for a call whose name never came. */
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

/** Some servers send the object itself. */
function toText(value: unknown): string {
  return isObject(value) ? JSON.stringify(value) : (asString(value) ?? '')
}
