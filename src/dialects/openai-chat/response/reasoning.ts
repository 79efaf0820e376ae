/**
 * Reasoning has six homes in chat completions. One is read per answer, the first that speaks in
 * this order, since providers say the same in two fields at once:
 *
 *   `reasoning_details` > `reasoning_content` > `reasoning` > `reasoning_text` > parts of `content`
 *   > `<think>` tags in the content
 *
 * What must go back to the provider travels in signatures (see {@link ReasoningSignature}).
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asString, isObject } from '../../../anthropic/json.ts'
import { toSignature } from '../../../anthropic/signature.ts'
import type { TargetModel } from '../../dialect.ts'
import type { Details } from './reasoning-details.ts'
import { addDetails, createDetails } from './reasoning-details.ts'

/**
 * `f` and `s` of a signature of this dialect, and where they go in a later assistant message.
 *
 * Each signature holds all state of its message up to there, so for one `f` the last signature of a
 * message is the one whose `s` counts. Blocks without text carry state only.
 */
type ReasoningSignature =
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

/** The reasoning of one answer. Made by {@link createReasoning}; not to be shared. */
export interface Reasoning {
  target: TargetModel
  /** The home that spoke first. */
  source: TextField | undefined
  details: Details
  /** Fields of the assistant message that must go back. */
  fields: JsonObject
  /** What must go back of a part of the content. */
  part: { type: 'reasoning'; signature?: string } | undefined
  /** There is state that no signature has carried. */
  hasNews: boolean
}

const textFields = ['reasoning_content', 'reasoning', 'reasoning_text'] as const

/** Copilot · Venice · Venice and Gemini's compatible endpoint. */
const stateFields = ['reasoning_opaque', 'reasoning_encrypted', 'thought_signature'] as const

/** `isWhole` where the answer is no stream, and its details are not pieces to be joined. */
export function createReasoning(target: TargetModel, isWhole: boolean): Reasoning {
  const details = createDetails(isWhole)
  return { target, source: undefined, details, fields: {}, part: undefined, hasNews: false }
}

/** Whether text found in that home is to be shown. The first that asks is the one. */
export function isSource(reasoning: Reasoning, field: TextField): boolean {
  reasoning.source ??= field
  return reasoning.source === field
}

/** Takes the fields of a delta; gives the text to show, `''` for none. */
export function readReasoning(reasoning: Reasoning, delta: JsonObject): string {
  let text = readDetails(reasoning, delta['reasoning_details'])
  for (const field of textFields) {
    const value = delta[field]
    if (typeof value === 'string' && value !== '' && isSource(reasoning, field)) {
      text = value
    }
  }
  readState(reasoning, delta)
  return text
}

/** Takes a part of the content; gives the text to show, undefined where it is no reasoning. */
export function readReasoningPart(reasoning: Reasoning, part: JsonObject): string | undefined {
  const text = toPartText(part)
  if (part['type'] === 'reasoning') {
    const signature = toPartSignature(part) ?? reasoning.part?.signature
    reasoning.part = { type: 'reasoning', ...(signature === undefined ? {} : { signature }) }
  }
  return text === undefined || text === '' || isSource(reasoning, 'content') ? text : ''
}

/** Signatures over all state so far: mostly one. */
export function signReasoning(reasoning: Reasoning): string[] {
  reasoning.hasNews = false
  return toOrigins(reasoning).map((origin) => mint(reasoning.target, origin))
}

function readDetails(reasoning: Reasoning, value: unknown): string {
  const entries = asArray(value)
  if (entries.length === 0) {
    return ''
  }
  const text = addDetails(reasoning.details, entries)
  reasoning.hasNews = true
  return text !== '' && isSource(reasoning, 'reasoning_details') ? text : ''
}

function readState(reasoning: Reasoning, delta: JsonObject): void {
  for (const field of stateFields) {
    const value = delta[field]
    if (typeof value === 'string' && value !== '') {
      reasoning.fields[field] = value
      reasoning.hasNews = true
    }
  }
  const extra = delta['extra_content']
  if (isObject(extra)) {
    reasoning.fields['extra_content'] = extra
    reasoning.hasNews = true
  }
}

function toOrigins({ source, details, fields, part }: Reasoning): ReasoningSignature[] {
  const hasFields = Object.keys(fields).length > 0
  const beside: ReasoningSignature[] = hasFields ? [{ f: 'message', s: fields }] : []
  if (details.entries.length > 0) {
    return [{ f: 'reasoning_details', s: details.entries }, ...beside]
  }
  switch (source) {
    case 'reasoning_content':
    case 'reasoning':
    case 'reasoning_text':
      return [{ f: source, ...(hasFields ? { s: fields } : {}) }]
    case 'content':
      return [{ f: source, ...(part === undefined ? {} : { s: part }) }, ...beside]
    case 'think_tags':
      return [{ f: source }, ...beside]
    case 'reasoning_details':
    case undefined:
      return beside
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
