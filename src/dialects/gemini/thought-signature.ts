/**
 * Thought signatures: the state of Gemini's thinking, bound to the part that it arrived with. They
 * are carried in the signature of a thinking block in front of that part.
 *
 * Google's rule (https://ai.google.dev/gemini-api/docs/thought-signatures): each is returned on its
 * own part, only the first of parallel function calls has one, and a signed part is not merged with
 * an unsigned one.
 */
import { asCount, asString, isObject } from '../../anthropic/json.ts'
import { readSignature, toSignature } from '../../anthropic/signature.ts'
import type { TargetModel } from '../dialect.ts'

/** The state in a signature of this dialect: the thought signatures of the parts of the message. */
export interface ThoughtState {
  /** The thought signature of the thinking block itself. */
  thought?: string
  /** The thought signature of the function call that follows the block. */
  call?: string
  /** The upstream's id of that call. */
  id?: string
  /**
   * The thought signature of the first `length` characters of the text that follows the block;
   * `length` is 0 for an empty part before that text.
   */
  text?: string
  length?: number
}

/**
 * The documented placeholder for calls whose signature is missing or of another model: Gemini then
 * skips the check.
 */
export const unsigned = 'skip_thought_signature_validator'

const dialect = 'gemini'
const field = 'thoughtSignature'

/**
 * The signature of a thinking block. Blocks without state are signed too, so that they are
 * recognized as the gateway's.
 */
export function toThoughtSignature(
  { provider, model }: TargetModel,
  state: ThoughtState = {},
): string {
  const hasState = Object.keys(state).length > 0
  return toSignature({
    d: dialect,
    p: provider,
    m: model,
    f: field,
    ...(hasState ? { s: state } : {}),
  })
}

/** The state in a block's signature; undefined if it is of another model, provider or dialect. */
export function readThoughtState(
  signature: string | undefined,
  { provider, model }: TargetModel,
): ThoughtState {
  const origin = readSignature(signature)
  if (origin?.d !== dialect || origin.p !== provider || origin.m !== model || !isObject(origin.s)) {
    return {}
  }
  const { thought, call, id, text, length } = origin.s
  return {
    ...pick('thought', thought),
    ...pick('call', call),
    ...pick('id', id),
    ...pick('text', text),
    length: asCount(length) ?? 0,
  }
}

function pick(name: 'thought' | 'call' | 'id' | 'text', value: unknown): ThoughtState {
  const text = asString(value)
  return text === undefined ? {} : { [name]: text }
}
