/**
 * Thought signatures: the state of Gemini's thinking, bound to the very part that it came on. They
 * travel in the signature of a thinking block that stands before that part.
 *
 * Google's rule (https://ai.google.dev/gemini-api/docs/thought-signatures): each goes back on its own
 * part, the first of parallel function calls has the only one, and a signed part is not merged with
 * one that is not.
 */
import { asCount, asString, isObject } from '../../anthropic/json.ts'
import { readSignature, toSignature } from '../../anthropic/signature.ts'
import type { TargetModel } from '../dialect.ts'

/** `s` of a signature of this dialect: which part of the message carries which thought signature. */
export interface ThoughtState {
  /** Of the thought in the block itself. */
  thought?: string
  /** Of the function call that follows the block. */
  call?: string
  /** The upstream's id of that call. */
  id?: string
  /** Of the text that follows the block: of its first `length` characters; 0 for an empty part before it. */
  text?: string
  length?: number
}

/** Says "do not check", for calls whose signature is lost or was another model's. Google documents it. */
export const unsigned = 'skip_thought_signature_validator'

const dialect = 'gemini'
const field = 'thoughtSignature'

/** The signature of a thinking block. Blocks without state are signed too: only so are they known as ours. */
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

/** What a block brings back; nothing where another model, provider or dialect made it. */
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
