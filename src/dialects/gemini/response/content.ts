/**
 * The content of one answer, in an order that makes valid blocks: every thinking block is signed,
 * and the part that a thought signature belongs to follows the block with that signature.
 *
 *   thinking ──text, call, end: signature──▶ no thinking
 *   text ──thought──▶ text: the writer defers the thought until the text has ended
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asString, isObject } from '../../../anthropic/json.ts'
import type { TargetModel } from '../../dialect.ts'
import type { PartBuilder } from '../../shared/answer/part-builder.ts'
import type { ThoughtState } from '../thought-signature.ts'
import { toThoughtSignature } from '../thought-signature.ts'
import type { ArrivingCall, CompleteCall } from './function-call.ts'
import { truncateCall, readFunctionCall } from './function-call.ts'

/** Builds parts from the content parts of one answer, across chunks. */
export class Content {
  readonly #target: TargetModel
  readonly #parts: PartBuilder
  /** A thought signature of an empty part, which is emitted before the next content. */
  #loose: string | undefined
  /** The function call whose arguments are arriving in deltas. */
  #arriving: ArrivingCall | undefined

  constructor(target: TargetModel, parts: PartBuilder) {
    this.#target = target
    this.#parts = parts
  }

  /** Reads one `Part` of a candidate. */
  read({ text, thought, functionCall, inlineData, thoughtSignature }: JsonObject): void {
    const signature = asString(thoughtSignature) || undefined
    if (isObject(functionCall)) {
      this.#readCall(functionCall, signature)
    } else if (typeof text === 'string' && thought === true) {
      this.#readThought(text, signature)
    } else if (typeof text === 'string') {
      this.#readText(text, signature)
    } else if (isObject(inlineData)) {
      // Anthropic's answers cannot contain images.
      this.#parts.dropped('image')
      this.#readText(`[${asString(inlineData['mimeType']) ?? 'media'} omitted]`, undefined)
    }
    // Other kinds are of tools that Google runs, which the gateway does not request.
  }

  /** Ends the content: emits what is buffered. */
  end(): void {
    if (this.#arriving !== undefined) {
      this.#buildCall(truncateCall(this.#arriving))
    }
    // The signature of the last text is dropped. A thinking block at the end would hide the answer
    // from Claude Code, and Google does not require signatures of text.
    this.#sign({})
  }

  #readThought(text: string, thought: string | undefined): void {
    this.#parts.thinking(text)
    if (thought !== undefined) {
      this.#sign({ thought })
    }
  }

  #readText(text: string, signature: string | undefined): void {
    const begins = this.#parts.beginsText(text)
    if (signature !== undefined && !begins) {
      this.#loose = signature
    }
    if (begins) {
      const length = this.#parts.whitespaceLength + text.length
      this.#sign(signature === undefined ? this.#takeLoose() : { text: signature, length })
    }
    this.#parts.text(text)
  }

  #readCall(fields: JsonObject, signature: string | undefined): void {
    const { completed, arriving } = readFunctionCall(this.#arriving, fields, signature)
    this.#arriving = arriving
    if (completed.some(({ name }) => name === '')) {
      this.#parts.invalid('a function call without a name')
    }
    completed.forEach((call) => this.#buildCall(call))
  }

  #buildCall({ name, json, signature, id }: CompleteCall): void {
    this.#sign({
      ...this.#takeLoose(),
      ...(signature === undefined ? {} : { call: signature }),
      // An id without a signature is not worth a block.
      ...(signature === undefined || id === undefined ? {} : { id }),
    })
    const call = this.#parts.startCall(name)
    this.#parts.input(call, json)
    this.#parts.endCall(call)
  }

  #sign(state: ThoughtState): void {
    if (this.#parts.isThinking || Object.keys(state).length > 0) {
      this.#parts.sign(toThoughtSignature(this.#target, state))
    }
  }

  #takeLoose(): ThoughtState {
    const loose = this.#loose
    this.#loose = undefined
    return loose === undefined ? {} : { text: loose, length: 0 }
  }
}
