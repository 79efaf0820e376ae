/**
 * Reasoning items as signatures. An upstream that keeps nothing (`store: false`) hands its reasoning
 * out encrypted, and wants every item back in its place: in front of what came of it.
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asString, isObject } from '../../anthropic/json.ts'
import { readSignature, toSignature } from '../../anthropic/signature.ts'
import type { TargetModel } from '../dialect.ts'

/** `commentary` goes before tool calls, `final_answer` ends a turn (gpt-5.3-codex and later). */
export type Phase = 'commentary' | 'final_answer'

/**
 * What a thinking block of this dialect carries. The field of the signature is always `reasoning`.
 */
export interface ReasoningState {
  /**
   * The final item, without its type, its status, what is empty, and the `reasoning_text` that the
   * block shows anyway. Absent where the item must not go back: what came of it is not in the
   * conversation, and without that it is refused.
   */
  item?: JsonObject
  /** The block shows the item's `reasoning_text`, and not its summary. */
  shows?: 'content'
  /** Of the message that follows the item. */
  phase?: Phase
}

const dialect = 'openai-responses'
const field = 'reasoning'

export function signReasoning({ provider, model }: TargetModel, state: ReasoningState): string {
  return toSignature({ d: dialect, p: provider, m: model, f: field, s: state })
}

/** Where a thinking block came from, as far as this dialect can tell. */
type ThinkingSource =
  /** Of this very provider: its state can go back. */
  | { from: 'here'; model: string; state: ReasoningState }
  /** Of another provider of the gateway: only the text can. */
  | { from: 'elsewhere' }
  /** Anthropic's own, or damaged. */
  | { from: 'unknown' }

export function readThinkingSource(
  signature: string | undefined,
  { provider }: TargetModel,
): ThinkingSource {
  const origin = readSignature(signature)
  if (origin === undefined) {
    return { from: 'unknown' }
  }
  return origin.d === dialect && origin.p === provider && origin.f === field
    ? { from: 'here', model: origin.m, state: asState(origin.s) }
    : { from: 'elsewhere' }
}

/** A signature has been in the client's hands, so nothing in it is taken on trust. */
function asState(value: unknown): ReasoningState {
  if (!isObject(value)) {
    return {}
  }
  const { item, shows } = value
  const phase = asPhase(value['phase'])
  return {
    ...(isObject(item) ? { item } : {}),
    ...(shows === 'content' ? { shows } : {}),
    ...(phase === undefined ? {} : { phase }),
  }
}

export function asPhase(value: unknown): Phase | undefined {
  return value === 'commentary' || value === 'final_answer' ? value : undefined
}

/** The texts of an item's `summary` or `content`. */
export function textsOf(item: JsonObject, from: 'summary' | 'content'): string[] {
  return asArray(item[from]).map((part) =>
    typeof part === 'string' ? part : ((isObject(part) ? asString(part['text']) : undefined) ?? ''),
  )
}

/** What of a final item has to go back. */
export function toItemState(item: JsonObject, shows: 'summary' | 'content'): JsonObject {
  const left = new Set(['type', 'status', ...(shows === 'content' ? ['content'] : [])])
  return Object.fromEntries(
    Object.entries(item).filter(([key, value]) => !left.has(key) && !isEmpty(value)),
  )
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0)
}
