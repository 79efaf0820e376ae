/**
 * Maps `finishReason` and `blockReason` to why the answer ended
 * (https://ai.google.dev/api/generate-content#FinishReason). Tool calls end with `STOP` too.
 */
import type { StopReason } from '../../../anthropic/answer/wire/message.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asString, isObject } from '../../../anthropic/json.ts'
import { toReason } from '../../shared/answer/unknown-reason.ts'

/** The end of an answer: a stop reason of Anthropic's, or the message of a failure. */
export type Finish =
  | { reason: StopReason; explanation?: string }
  /** The model produced unusable output; a retry may succeed. */
  | { failure: string }

const reasons: Record<string, StopReason | 'failure'> = {
  STOP: 'end_turn',
  MAX_TOKENS: 'max_tokens',
  SAFETY: 'refusal',
  RECITATION: 'refusal',
  LANGUAGE: 'refusal',
  BLOCKLIST: 'refusal',
  PROHIBITED_CONTENT: 'refusal',
  SPII: 'refusal',
  MODEL_ARMOR: 'refusal',
  IMAGE_SAFETY: 'refusal',
  IMAGE_PROHIBITED_CONTENT: 'refusal',
  IMAGE_RECITATION: 'refusal',
  ESCALATION: 'refusal',
  PUP_LIMITED_DISABLED: 'refusal',
  // Generation is not complete (https://www.npmjs.com/package/@google/genai, `FinishReason`).
  CONTINUATION: 'max_tokens',
  OTHER: 'failure',
  MALFORMED_FUNCTION_CALL: 'failure',
  MALFORMED_RESPONSE: 'failure',
  UNEXPECTED_TOOL_CALL: 'failure',
  TOO_MANY_TOOL_CALLS: 'failure',
  MISSING_THOUGHT_SIGNATURE: 'failure',
  IMAGE_OTHER: 'failure',
  NO_IMAGE: 'failure',
}

/** Classifies a candidate's finish reason; undefined if it has none. */
export function readFinish(candidate: JsonObject): Finish | undefined {
  const word = asString(candidate['finishReason'])
  if (word === undefined || word === '' || word === 'FINISH_REASON_UNSPECIFIED') {
    return undefined
  }
  const reason = toReason(word, reasons)
  if (reason === 'failure') {
    return { failure: word }
  }
  const { finishMessage, safetyRatings } = candidate
  return reason === 'refusal'
    ? { reason, explanation: explain(word, finishMessage, safetyRatings) }
    : { reason }
}

/**
 * Classifies a blocked prompt, for which there is no candidate; undefined if it was not blocked.
 */
export function readBlock(feedback: JsonObject | undefined): Finish | undefined {
  const word = asString(feedback?.['blockReason'])
  if (feedback === undefined || word === undefined || word === '') {
    return undefined
  }
  const { blockReasonMessage, safetyRatings } = feedback
  return { reason: 'refusal', explanation: explain(word, blockReasonMessage, safetyRatings) }
}

/** Google's message, or else the reason and the categories that were rated as harmful. */
function explain(word: string, message: unknown, ratings: unknown): string {
  if (typeof message === 'string' && message !== '') {
    return message
  }
  const categories = asArray(ratings)
    .filter(isObject)
    .filter((rating) => rating['blocked'] === true)
    .map((rating) => String(rating['category']))
  return categories.length === 0 ? word : `${word}: ${categories.join(', ')}`
}
