/**
 * Reasoning has seven homes in chat completions. One is read per answer, the first that speaks in
 * this order, since providers say the same in two fields at once:
 *
 *   `reasoning_details` > `reasoning_content` > `reasoning` > `reasoning_text` > parts of `content`
 *   > `<think>` tags in the content
 *
 * What must go back to the provider travels in signatures (see {@link ReasoningSignature}).
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asString, isObject } from '../../anthropic/json.ts'
import { toSignature } from '../../anthropic/signature.ts'
import type { TargetModel } from '../dialect.ts'
import { createDetails } from './reasoning-details.ts'

/**
 * `f` and `s` of a signature of this dialect, and where they go in a later assistant message.
 *
 * Each signature holds all state of its message up to there, so for one `f` the last signature of a
 * message is the one whose `s` counts. Blocks without text carry state only.
 */
export type ReasoningSignature =
  /**
   * `s` is the whole of `reasoning_details`, to be sent unmodified and in this order. The text of
   * the block is in it already, but for entries of type `reasoning.encrypted` alone, beside which
   * the text goes into `reasoning`.
   */
  | { f: 'reasoning_details'; s: JsonObject[] }
  /**
   * The text goes into the field of that name. `s` holds other fields of the assistant message, to
   * be set verbatim: `{ reasoning_opaque: '…' }` (Copilot).
   */
  | { f: 'reasoning_content' | 'reasoning' | 'reasoning_text'; s?: JsonObject }
  /**
   * The text goes into a part of `content`: `{ type: 'thinking', thinking: [{ type: 'text', text }] }`
   * (Mistral), or where `s` is given `{ type: 'reasoning', summary: [{ type: 'summary_text', text,
   * signature }] }` (Databricks).
   */
  | { f: 'content'; s?: { type: 'reasoning'; signature?: string } }
  /** The text goes in front of the content, as `<think>\n…\n</think>\n\n`. */
  | { f: 'think_tags' }
  /**
   * No text. `s` holds fields of the tool call that follows the block (where none follows, of the
   * one before it), to be set verbatim beside `function`: `{ extra_content: { google: {
   * thought_signature } } }` (Gemini), `{ thought_signature }` (Venice).
   */
  | { f: 'tool_calls'; s: JsonObject }
  /** No text. `s` holds fields of the assistant message, to be set verbatim. */
  | { f: 'message'; s: JsonObject }

type TextField = Exclude<ReasoningSignature['f'], 'tool_calls' | 'message'>

/** The reasoning of one answer. Not to be shared. */
export interface Reasoning {
  /** Takes the fields of a delta; gives the text to show, `''` for none. */
  read: (delta: JsonObject) => string
  /** Takes a part of `content`; gives the text to show, undefined where it is no reasoning. */
  readPart: (part: JsonObject) => string | undefined
  /** Whether text found in that home is to be shown. The first that asks is the one. */
  accepts: (field: TextField) => boolean
  /** A signature over all state so far. */
  sign: () => string
  /** Whether there is state that no signature has carried. */
  readonly unsigned: boolean
}

const stringFields = ['reasoning_content', 'reasoning', 'reasoning_text'] as const

/** State of the whole assistant message that a provider wants back beside the text. */
const stateFields = ['reasoning_opaque', 'reasoning_encrypted', 'thought_signature'] as const

/** `whole` where the answer is no stream, and its details are not pieces to be joined. */
export function createReasoning(target: TargetModel, whole: boolean): Reasoning {
  const details = createDetails(whole)
  const fields: JsonObject = {}
  let source: TextField | undefined
  let part: { type: 'reasoning'; signature?: string } | undefined
  let unsigned = false

  function accepts(field: TextField): boolean {
    source ??= field
    return source === field
  }

  function readState(delta: JsonObject): void {
    for (const field of stateFields) {
      const value = delta[field]
      if (typeof value === 'string' && value !== '') {
        fields[field] = value
        unsigned = true
      }
    }
    const extra = delta['extra_content']
    if (isObject(extra)) {
      fields['extra_content'] = extra
      unsigned = true
    }
  }

  function origin(): ReasoningSignature {
    const s = Object.keys(fields).length === 0 ? {} : { s: { ...fields } }
    if (details.entries.length > 0) {
      return { f: 'reasoning_details', s: [...details.entries] }
    }
    switch (source) {
      case 'reasoning_content':
      case 'reasoning':
      case 'reasoning_text':
        return { f: source, ...s }
      case 'content':
        return { f: source, ...(part === undefined ? {} : { s: part }) }
      case 'think_tags':
        return { f: source }
      case 'reasoning_details':
      case undefined:
        return { f: 'message', s: { ...fields } }
    }
  }

  return {
    accepts,
    read(delta) {
      let text = ''
      const entries = asArray(delta['reasoning_details'])
      if (entries.length > 0) {
        const added = details.add(entries)
        unsigned = true
        text = added !== '' && accepts('reasoning_details') ? added : ''
      }
      for (const field of stringFields) {
        const value = delta[field]
        if (typeof value === 'string' && value !== '' && accepts(field)) {
          text = value
        }
      }
      readState(delta)
      return text
    },
    readPart(value) {
      const text = toPartText(value)
      if (value['type'] === 'reasoning') {
        const signature = toPartSignature(value) ?? part?.signature
        part = { type: 'reasoning', ...(signature === undefined ? {} : { signature }) }
      }
      return text === undefined || text === '' || accepts('content') ? text : ''
    },
    sign() {
      unsigned = false
      return mint(target, origin())
    },
    get unsigned() {
      return unsigned
    },
  }
}

/** A signature that stands before a tool call, with the call's own state; undefined where it has none. */
export function signCall(target: TargetModel, call: JsonObject): string | undefined {
  const { extra_content, thought_signature } = call
  const s = {
    ...(isObject(extra_content) ? { extra_content } : {}),
    ...(asString(thought_signature) ? { thought_signature } : {}),
  }
  return Object.keys(s).length === 0 ? undefined : mint(target, { f: 'tool_calls', s })
}

function mint(target: TargetModel, origin: ReasoningSignature): string {
  return toSignature({ d: 'openai-chat', p: target.provider, m: target.model, ...origin })
}

/** The text of a `thinking` (Mistral) or `reasoning` (Databricks) part. */
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
