/**
 * Reasoning items as signatures. With `store: false` an upstream returns its reasoning encrypted,
 * and requires each item before the items that followed it.
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asString, isObject } from '../../anthropic/json.ts'
import { readSignature, toSignature } from '../../anthropic/signature.ts'
import type { TargetModel } from '../dialect.ts'

/**
 * The phase of a message: `commentary` before tool calls, `final_answer` at the end of a turn
 * (gpt-5.3-codex and later).
 */
export type Phase = 'commentary' | 'final_answer'

/** The state in a signature of this dialect. Its field is always `reasoning`. */
export interface ReasoningState {
  /**
   * The final item without type, status, empty fields, and the `reasoning_text` that is the block's
   * text. Absent if the item must not be returned, since the items that followed it are not in the
   * conversation, without which the upstream rejects it.
   */
  item?: JsonObject
  /** The block's text is the item's `reasoning_text`, not its summary. */
  shows?: 'content'
  /** The phase of the message that follows the item. */
  phase?: Phase
}

const dialect = 'openai-responses'
const field = 'reasoning'

/** Makes the signature of a thinking block that carries a reasoning item's state. */
export function signReasoning({ provider, model }: TargetModel, state: ReasoningState): string {
  return toSignature({ d: dialect, p: provider, m: model, f: field, s: state })
}

/** The origin of a thinking block. */
type ThinkingSource =
  /** The thinking is this provider's, so that its state can be returned. */
  | { from: 'here'; model: string; state: ReasoningState }
  /** Another provider of the gateway, so that only the text can be sent. */
  | { from: 'elsewhere' }
  /** Anthropic itself, or unknown because the signature is damaged. */
  | { from: 'unknown' }

/** Reads where a thinking block comes from by its signature: this provider, another one, or unknown. */
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

/** Validates the state of a signature, which a client may have changed. */
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

/** Returns `value` if it is a phase of an assistant message. */
export function asPhase(value: unknown): Phase | undefined {
  return value === 'commentary' || value === 'final_answer' ? value : undefined
}

/** The texts of an item's `summary` or `content`. */
export function textsOf(item: JsonObject, from: 'summary' | 'content'): string[] {
  return asArray(item[from]).map((part) =>
    typeof part === 'string' ? part : ((isObject(part) ? asString(part['text']) : undefined) ?? ''),
  )
}

/** The state of a final item that must be returned. */
export function toItemState(item: JsonObject, shows: 'summary' | 'content'): JsonObject {
  const omitted = new Set(['type', 'status', ...(shows === 'content' ? ['content'] : [])])
  return Object.fromEntries(
    Object.entries(item).filter(([key, value]) => !omitted.has(key) && !isEmpty(value)),
  )
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0)
}
