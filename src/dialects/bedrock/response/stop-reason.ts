/**
 * Maps `stopReason` to why the answer ended
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseResponse.html).
 */
import type { StopReason } from '../../../anthropic/answer/wire/message.ts'
import { asObject, asString } from '../../../anthropic/json.ts'
import { toReason } from '../../shared/answer/unknown-reason.ts'

/** The end of an answer: a stop reason of Anthropic's, or the message of a failure. */
export type Finish =
  | { reason: StopReason; sequence?: string }
  /** The model produced unusable output. */
  | { failure: string }

const reasons: Record<string, StopReason | 'failure'> = {
  end_turn: 'end_turn',
  tool_use: 'tool_use',
  max_tokens: 'max_tokens',
  stop_sequence: 'stop_sequence',
  guardrail_intervened: 'refusal',
  content_filtered: 'refusal',
  refusal: 'refusal',
  model_context_window_exceeded: 'model_context_window_exceeded',
  malformed_model_output: 'failure',
  malformed_tool_use: 'failure',
}

/**
 * Classifies a `stopReason`; undefined if there is none. The stop sequence that matched is in the
 * model's own response fields, which the request asked for.
 */
export function readFinish(word: unknown, modelFields: unknown): Finish | undefined {
  const stopReason = asString(word)
  if (stopReason === undefined || stopReason === '') {
    return undefined
  }
  const reason = toReason(stopReason, reasons)
  if (reason === 'failure') {
    return { failure: stopReason }
  }
  const sequence = asString(asObject(modelFields)?.['stop_sequence'])
  return reason === 'stop_sequence' && sequence !== undefined ? { reason, sequence } : { reason }
}
