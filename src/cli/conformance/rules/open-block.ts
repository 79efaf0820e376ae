/** A content block of a stream from its start to its end, with the rules of its deltas. */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asObject, asString, isObject, parseJson } from '../../../anthropic/json.ts'

/** The deltas of each type of block, and their fields; other types come whole in their start. */
const deltas: Record<string, Record<string, string>> = {
  text: { text_delta: 'text', citations_delta: 'citation' },
  thinking: { thinking_delta: 'thinking', signature_delta: 'signature' },
  tool_use: { input_json_delta: 'partial_json' },
  server_tool_use: { input_json_delta: 'partial_json' },
}

/**
 * A content block of a stream that has started and not ended. Each method throws where the event breaks a
 * rule.
 */
export class OpenBlock {
  readonly #block: JsonObject
  readonly #type: string
  readonly #allowed: Record<string, string>
  #json = ''
  #signatures = 0

  constructor(block: JsonObject) {
    this.#block = block
    this.#type = asString(block['type']) ?? ''
    this.#allowed = deltas[this.#type] ?? {}
  }

  /** The id of a call; undefined for other blocks. */
  get id(): string | undefined {
    return asString(this.#block['id'])
  }

  get isCall(): boolean {
    return this.#type === 'tool_use'
  }

  /** The faults of its first event. */
  start(): string[] {
    switch (this.#type) {
      case '':
        return ['a block has no type']
      case 'text':
        return this.#block['text'] === '' ? [] : ['a text block starts without an empty text']
      case 'thinking':
        return this.#block['thinking'] === '' && typeof this.#block['signature'] === 'string'
          ? []
          : ['a thinking block starts without empty thinking and a signature']
      case 'tool_use':
      case 'server_tool_use':
        return this.#startCall()
      default:
        return []
    }
  }

  /** The faults of a delta. */
  delta(value: unknown): string[] {
    const delta = asObject(value) ?? {}
    const type = asString(delta['type']) ?? ''
    const field = this.#allowed[type]
    if (field === undefined) {
      return [`a ${this.#type} block has a ${type || 'delta without type'}`]
    }
    if (field !== 'citation' && typeof delta[field] !== 'string') {
      return [`a ${type} has no ${field}`]
    }
    this.#json += asString(delta['partial_json']) ?? ''
    this.#signatures += type === 'signature_delta' ? 1 : 0
    return type === 'thinking_delta' && this.#signatures > 0
      ? ['thinking continues after its signature']
      : []
  }

  /** The faults that show at its end, which a token limit excuses. */
  end(): string[] {
    const isCall = this.#allowed['input_json_delta'] !== undefined
    const isInput = this.#json === '' || isObject(parseJson(this.#json))
    return [
      ...(isCall && !isInput ? ['the input of a call is not a JSON object'] : []),
      ...(this.#signatures > 1 ? ['a thinking block has several signatures'] : []),
    ]
  }

  #startCall(): string[] {
    const { id, name, input } = this.#block
    const isNamed = typeof name === 'string' && name !== ''
    return [
      ...(typeof id === 'string' && /^[\w-]+$/.test(id) ? [] : ['a call has no valid id']),
      ...(isNamed ? [] : ['a call has no name']),
      // A client that appends deltas to it would get two objects.
      ...(isObject(input) && Object.keys(input).length === 0
        ? []
        : ['a call starts with an input that is not empty']),
    ]
  }
}
