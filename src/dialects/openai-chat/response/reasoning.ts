/**
 * Reasoning can be in six places of chat completions. One is read per answer, the first in this
 * order that has text, since providers send the same text in two fields:
 *
 *   `reasoning_details` > `reasoning_content` > `reasoning` > `reasoning_text` > parts of `content`
 *   > `<think>` tags in the content
 *
 * State that must be returned to the provider is carried in signatures (see {@link
 * ReasoningSignature}).
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asObject, asString, isObject } from '../../../anthropic/json.ts'
import { toSignature } from '../../../anthropic/signature.ts'
import { defined } from '../../../platform/defined.ts'
import type { TargetModel } from '../../dialect.ts'
import { ReasoningDetails } from './reasoning-details.ts'

/**
 * The fields `f` and `s` of a signature of this dialect, and their place in a later assistant
 * message.
 *
 * Each signature has all state of its message so far, so that for one `f` the last signature of a
 * message wins. Blocks without text have only state.
 */
type ReasoningSignature =
  /**
   * `s` is the complete `reasoning_details`, to be sent unmodified and in this order. They include
   * the text of the block; only if all entries have type `reasoning.encrypted`, the text is sent in
   * `reasoning`.
   */
  | { f: 'reasoning_details'; s: JsonObject[] }
  /**
   * The text is sent in the field of that name. `s` has other fields of the assistant message, to
   * be set verbatim: `{ reasoning_opaque: '…' }` (Copilot).
   */
  | { f: 'reasoning_content' | 'reasoning' | 'reasoning_text'; s?: JsonObject }
  /**
   * The text is sent in a part of `content`: `{ type: 'thinking', thinking: [{ type: 'text', text
   * }] }` (Mistral), or with `s` `{ type: 'reasoning', summary: [{ type: 'summary_text', text,
   * signature }] }` (Databricks).
   */
  | { f: 'content'; s?: { type: 'reasoning'; signature?: string } }
  /** The text is sent before the content, as `<think>\n…\n</think>\n\n`. */
  | { f: 'think_tags' }
  /**
   * No text. `s` has fields of the tool call after the block (or before it, if none follows), to be
   * set verbatim next to `function`: `{ extra_content: { google: { thought_signature } } }`
   * (Gemini), `{ thought_signature }` (Venice).
   */
  | { f: 'tool_calls'; s: JsonObject }
  /** No text. `s` has fields of the assistant message, to be set verbatim. */
  | { f: 'message'; s: JsonObject }

type TextField = Exclude<ReasoningSignature['f'], 'tool_calls'>

const textFields = ['reasoning_content', 'reasoning', 'reasoning_text'] as const

/**
 * Message fields with opaque state: of Copilot, of Venice, of Venice and Gemini's compatible
 * endpoint.
 */
const stateFields = ['reasoning_opaque', 'reasoning_encrypted', 'thought_signature'] as const

/** All fields of a message that are read. */
export const reasoningFields = [
  'reasoning_details',
  'thinking_blocks',
  ...textFields,
  ...stateFields,
] as const

/** The reasoning of one answer. */
export class Reasoning {
  readonly #target: TargetModel
  readonly #details: ReasoningDetails
  /** The field that had text first. */
  #source: TextField | undefined
  /** Fields of the assistant message that must be returned. */
  readonly #fields: JsonObject = {}
  /** State of a content part that must be returned. */
  #part: { type: 'reasoning'; signature?: string } | undefined
  #hasUnsigned = false

  /** Creates the reasoning of one answer; `isWhole`: it is not streaming. */
  constructor(target: TargetModel, isWhole: boolean) {
    this.#target = target
    this.#details = new ReasoningDetails(isWhole)
  }

  /** Whether there is state that is not in a signature yet. */
  get hasUnsigned(): boolean {
    return this.#hasUnsigned
  }

  /** Whether reasoning has its own field, so that think tags in the content are text. */
  get hasOwnField(): boolean {
    return this.#source !== undefined && this.#source !== 'think_tags' && this.#source !== 'content'
  }

  /** Whether text of that field is shown: only that of the first field with text is. */
  isSource(field: TextField): boolean {
    this.#source ??= field
    return this.#source === field
  }

  /** Reads the fields of a delta; returns the text to show, `''` if there is none. */
  read(delta: JsonObject): string {
    let text = this.#readDetails(delta['reasoning_details'])
    for (const field of textFields) {
      const value = delta[field]
      if (isObject(value)) {
        text = this.#readObject(field, value) || text
      } else if (typeof value === 'string' && value !== '' && this.isSource(field)) {
        text = value
      }
    }
    const blocks = this.#readBlocks(delta['thinking_blocks'])
    this.#readState(delta)
    return text || blocks
  }

  /** Reads `{ text, signature }` in place of a text: the object must be returned as received. */
  #readObject(field: string, value: JsonObject): string {
    const before = asObject(this.#fields[field]) ?? {}
    const piece = asString(value['text']) ?? ''
    this.#fields[field] = { ...before, ...value, text: (asString(before['text']) ?? '') + piece }
    this.#hasUnsigned = true
    return this.isSource('message') ? piece : ''
  }

  /**
   * `thinking_blocks` of LiteLLM (https://docs.litellm.ai/docs/reasoning_content): Claude's own
   * blocks with their signatures. They accompany the text in `reasoning_content`, and must be
   * returned unchanged.
   */
  #readBlocks(value: unknown): string {
    const pieces = asArray(value).filter(isObject)
    if (pieces.length === 0) {
      return ''
    }
    const blocks = asArray(this.#fields['thinking_blocks']).filter(isObject)
    this.#fields['thinking_blocks'] = pieces.reduce(joinBlock, blocks)
    this.#hasUnsigned = true
    return this.isSource('message') ? joinTexts(pieces.map(({ thinking }) => thinking)) : ''
  }

  /** Reads a content part; returns the text to show, or undefined if it is not reasoning. */
  readPart(part: JsonObject): string | undefined {
    const text = toPartText(part)
    if (part['type'] === 'reasoning') {
      const signature = toPartSignature(part) ?? this.#part?.signature
      this.#part = { type: 'reasoning', ...(signature === undefined ? {} : { signature }) }
    }
    return text === undefined || text === '' || this.isSource('content') ? text : ''
  }

  /** Returns signatures with all state so far, usually one. */
  sign(): string[] {
    this.#hasUnsigned = false
    return this.#toOrigins().map((origin) => mint(this.#target, origin))
  }

  #readDetails(value: unknown): string {
    const entries = asArray(value)
    if (entries.length === 0) {
      return ''
    }
    const text = this.#details.add(entries)
    this.#hasUnsigned = true
    return text !== '' && this.isSource('reasoning_details') ? text : ''
  }

  #readState(delta: JsonObject): void {
    for (const field of stateFields) {
      const value = delta[field]
      if (typeof value === 'string' && value !== '') {
        this.#fields[field] = value
        this.#hasUnsigned = true
      }
    }
    const extra = delta['extra_content']
    if (isObject(extra)) {
      this.#fields['extra_content'] = extra
      this.#hasUnsigned = true
    }
  }

  #toOrigins(): ReasoningSignature[] {
    const source = this.#source
    const fields = this.#fields
    const hasFields = Object.keys(fields).length > 0
    const beside: ReasoningSignature[] = hasFields ? [{ f: 'message', s: fields }] : []
    if (this.#details.entries.length > 0) {
      return [{ f: 'reasoning_details', s: this.#details.entries }, ...beside]
    }
    switch (source) {
      case 'reasoning_content':
      case 'reasoning':
      case 'reasoning_text':
        return [{ f: source, ...(hasFields ? { s: fields } : {}) }]
      case 'content':
        return [{ f: source, ...(this.#part === undefined ? {} : { s: this.#part }) }, ...beside]
      case 'think_tags':
        return [{ f: source }, ...beside]
      case 'reasoning_details':
      case 'message':
      case undefined:
        return beside
    }
  }
}

/** Merges a delta into the blocks: the last block continues until it has a signature. */
function joinBlock(blocks: readonly JsonObject[], piece: JsonObject): JsonObject[] {
  const last = blocks.at(-1)
  if (last?.['type'] !== 'thinking' || piece['type'] !== 'thinking' || last['signature']) {
    return [...blocks, piece]
  }
  const thinking = (asString(last['thinking']) ?? '') + (asString(piece['thinking']) ?? '')
  return [...blocks.slice(0, -1), { ...last, ...piece, thinking }]
}

/**
 * The signature of a thinking block before a tool call, with the call's state; undefined if it has
 * none.
 */
export function signCall(target: TargetModel, call: JsonObject): string | undefined {
  const extra_content = asObject(call['extra_content'])
  const thought_signature = asString(call['thought_signature']) || undefined
  if (extra_content === undefined && thought_signature === undefined) {
    return undefined
  }
  const s = defined({ extra_content, thought_signature })
  return mint(target, { f: 'tool_calls', s })
}

function mint(target: TargetModel, origin: ReasoningSignature): string {
  return toSignature({ d: 'openai-chat', p: target.provider, m: target.model, ...origin })
}

/** The text of a content part of type `thinking` (Mistral) or `reasoning` (Databricks). */
function toPartText(part: JsonObject): string | undefined {
  switch (part['type']) {
    case 'thinking':
      return asString(part['thinking']) ?? joinTexts(asArray(part['thinking']))
    case 'reasoning':
      return asString(part['text']) ?? joinTexts(asArray(part['summary']))
    default:
      return undefined
  }
}

function toPartSignature(part: JsonObject): string | undefined {
  const holders = [part, ...asArray(part['summary']).filter(isObject)]
  return holders
    .map((holder) => asString(holder['signature']))
    .findLast((signature) => signature !== undefined && signature !== '')
}

function joinTexts(parts: readonly unknown[]): string {
  let text = ''
  for (const part of parts) {
    text += (isObject(part) ? asString(part['text']) : asString(part)) ?? ''
  }
  return text
}
