/**
 * Converts a message to the form that the client requested: some hosts return one message instead
 * of events, and the reverse. Blocks and deltas are Anthropic's, including unknown ones.
 */
import { markExact, mayBeInexact, unmarkExact } from '../../anthropic/exact-json.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, asString, isObject, parseJson } from '../../anthropic/json.ts'
import { eventsOf, readData } from './event-text.ts'

/** The events of a message, as server-sent events; undefined where the JSON is no message. */
export function toEventText(json: string): string | undefined {
  const message = asObject(parseJson(mayBeInexact(json) ? markExact(json) : json))
  if (message === undefined || !Array.isArray(message['content'])) {
    return undefined
  }
  const { content, stop_reason, stop_sequence = null, stop_details, usage = {}, ...rest } = message
  const start = { ...rest, content: [], stop_reason: null, stop_sequence: null, usage }
  const details = stop_details === undefined ? {} : { stop_details }
  return [
    { type: 'message_start', message: start },
    ...asArray(content).filter(isObject).flatMap(toBlockEvents),
    { type: 'message_delta', delta: { stop_reason, stop_sequence, ...details }, usage },
    { type: 'message_stop' },
  ]
    .map((event) => `event: ${event.type}\ndata: ${unmarkExact(JSON.stringify(event))}\n\n`)
    .join('')
}

function toBlockEvents(block: JsonObject, index: number) {
  const { empty, deltas } = toDeltas(block)
  return [
    { type: 'content_block_start', index, content_block: empty },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ]
}

/** A block as it begins, and what is added to it; a block of a type that comes whole has no deltas. */
function toDeltas(block: JsonObject): { empty: JsonObject; deltas: JsonObject[] } {
  const { type, text, thinking, signature, input, citations } = block
  if (type === 'text' && typeof text === 'string') {
    const cited = asArray(citations)
    return {
      empty: { ...block, text: '', ...(cited.length === 0 ? {} : { citations: [] }) },
      deltas: [
        ...(text === '' ? [] : [{ type: 'text_delta', text }]),
        ...cited.map((citation) => ({ type: 'citations_delta', citation })),
      ],
    }
  }
  if (type === 'thinking' && typeof thinking === 'string') {
    return {
      empty: { ...block, thinking: '', signature: '' },
      deltas: [
        ...(thinking === '' ? [] : [{ type: 'thinking_delta', thinking }]),
        { type: 'signature_delta', signature: asString(signature) ?? '' },
      ],
    }
  }
  return isObject(input)
    ? {
        empty: { ...block, input: {} },
        deltas: [{ type: 'input_json_delta', partial_json: JSON.stringify(input) }],
      }
    : { empty: block, deltas: [] }
}

/** The message of a stream, as JSON; undefined where the stream does not end one. */
export function foldEventText(text: string): string | undefined {
  const fold = new EventFold()
  for (const event of eventsOf(text)) {
    const data = readData(mayBeInexact(event) ? markExact(event) : event)
    if (data !== undefined) {
      fold.add(data)
    }
  }
  const message = fold.message()
  return message && unmarkExact(JSON.stringify(message))
}

/** Folds the events of one message. */
class EventFold {
  #message: JsonObject | undefined
  readonly #blocks = new Map<unknown, JsonObject>()
  readonly #inputs = new Map<unknown, string>()
  #isOver = false

  add(event: JsonObject): void {
    const { type, index, message, content_block, delta, usage } = event
    switch (type) {
      case 'message_start':
        this.#message = asObject(message)
        break
      case 'content_block_start':
        this.#blocks.set(index, { ...asObject(content_block) })
        break
      case 'content_block_delta':
        this.#addDelta(index, asObject(delta) ?? {})
        break
      case 'message_delta':
        this.#message = {
          ...this.#message,
          ...asObject(delta),
          usage: { ...asObject(this.#message?.['usage']), ...asObject(usage) },
        }
        break
      case 'message_stop':
        this.#isOver = true
        break
      default:
    }
  }

  message(): JsonObject | undefined {
    if (this.#message === undefined || !this.#isOver) {
      return undefined
    }
    for (const [index, json] of this.#inputs) {
      const block = this.#blocks.get(index)
      if (block !== undefined) {
        block['input'] = toInput(json)
      }
    }
    return { ...this.#message, content: [...this.#blocks.values()] }
  }

  /** A delta is a type and one value, which is appended to the block's field of that name. */
  #addDelta(index: unknown, { type, ...values }: JsonObject): void {
    const block = this.#blocks.get(index)
    if (block === undefined) {
      return
    }
    if (type === 'input_json_delta') {
      const piece = asString(values['partial_json']) ?? ''
      this.#inputs.set(index, (this.#inputs.get(index) ?? '') + piece)
      return
    }
    if (type === 'citations_delta') {
      block['citations'] = [...asArray(block['citations']), values['citation']]
      return
    }
    for (const [field, value] of Object.entries(values)) {
      const before = block[field]
      block[field] =
        typeof before === 'string' && typeof value === 'string' ? before + value : value
    }
  }
}

/** Arguments that are not JSON (truncated by the token limit) are shown, not replaced by `{}`. */
function toInput(json: string): unknown {
  const text = `{"input":${json.trim() === '' ? '{}' : json}}`
  const parsed = asObject(parseJson(mayBeInexact(text) ? markExact(text) : text))
  return parsed?.['input'] ?? { INVALID_JSON: json }
}
