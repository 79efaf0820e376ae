/**
 * Maps `finishReason` and `blockReason` to why the answer ended
 * (https://ai.google.dev/api/generate-content#FinishReason). Tool calls end with `STOP` too.
 */
import type { StopReason } from '../../../anthropic/answer/wire/message.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asString, isObject } from '../../../anthropic/json.ts'
import { classifyReason } from '../../shared/answer/unknown-reason.ts'

/** The end of an answer: a stop reason of Anthropic's, or the message of a failure. */
export type Finish =
  | { reason: StopReason; explanation?: string }
  /** The model produced unusable output; a retry may succeed. */
  | { failure: string }

const reasons: Record<string, StopReason> = {
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
}

const failures = new Set([
  'OTHER',
  'MALFORMED_FUNCTION_CALL',
  'MALFORMED_RESPONSE',
  'UNEXPECTED_TOOL_CALL',
  'TOO_MANY_TOOL_CALLS',
  'MISSING_THOUGHT_SIGNATURE',
  'IMAGE_OTHER',
  'NO_IMAGE',
])

/** Classifies a candidate's finish reason; undefined if it has none. */
export function readFinish(candidate: JsonObject): Finish | undefined {
  const word = asString(candidate['finishReason'])
  if (word === undefined || word === '' || word === 'FINISH_REASON_UNSPECIFIED') {
    return undefined
  }
  if (failures.has(word)) {
    return { failure: word }
  }
  const reason = Object.hasOwn(reasons, word) ? reasons[word] : undefined
  const found = reason ?? classifyReason(word)
  if (found === 'failure') {
    return { failure: word }
  }
  return found === 'refusal'
    ? {
        reason: found,
        explanation: explain(word, candidate['finishMessage'], candidate['safetyRatings']),
      }
    : { reason: found }
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
