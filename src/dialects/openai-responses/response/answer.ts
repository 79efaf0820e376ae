import type { Part } from '../../../anthropic/answer/part.ts'
/**
 * One answer, told: its items, then how it ended.
 *
 *   before ──first item: start──▶ reading ──finish──▶ after     failure: from anywhere ──▶ after
 *
 * That the provider made a response is no proof that it takes the request: it reports a prompt that
 * does not fit, or a lack of capacity, as the first thing after that.
 */
import type { Failure } from '../../../anthropic/error.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray } from '../../../anthropic/json.ts'
import type { ReadContext, TargetModel } from '../../dialect.ts'
import { toFailedFailure } from './error.ts'
import type { Output } from './output.ts'
import { createOutput, endOutput, hasNamelessCall } from './output.ts'
import { toFinish } from './stop-reason.ts'
import { findUsage } from './usage.ts'

/** One answer being read. Made by {@link createAnswer}; not to be shared. */
export interface Answer {
  phase: 'before' | 'reading' | 'after'
  target: TargetModel
  output: Output
}

export function createAnswer(target: TargetModel, context: ReadContext): Answer {
  return { phase: 'before', target, output: createOutput(target, context) }
}

/** The request was taken: content follows. */
export function begin(answer: Answer, parts: Part[]): void {
  if (answer.phase === 'before') {
    answer.phase = 'reading'
    parts.push({ type: 'start' })
  }
}

/** `status` where the response says none. Its output counts only where no event told of any item. */
export function finish(answer: Answer, response: JsonObject, status: string, parts: Part[]): void {
  const { target, output } = answer
  const { provider } = target
  const end = toFinish(response, status)
  if (end === 'failed') {
    fail(answer, toFailedFailure(response, target), parts)
    return
  }
  if (end === 'cut') {
    fail(answer, { kind: 'upstream_truncated', provider }, parts)
    return
  }
  begin(answer, parts)
  endOutput(output, asArray(response['output']), parts)
  if (hasNamelessCall(output)) {
    const detail = 'arguments of a function call without a name'
    fail(answer, { kind: 'upstream_invalid_response', provider, detail }, parts)
    return
  }
  answer.phase = 'after'
  const { refusal } = output.speech
  const usage = findUsage(response)
  parts.push({
    type: 'stop',
    reason: refusal !== '' && end.reason === 'end_turn' ? 'refusal' : end.reason,
    ...(refusal === '' ? {} : { explanation: refusal }),
    ...(usage === undefined ? {} : { usage }),
  })
}

export function fail(answer: Answer, failure: Failure, parts: Part[]): void {
  if (answer.phase !== 'after') {
    answer.phase = 'after'
    parts.push({ type: 'failure', failure })
  }
}
