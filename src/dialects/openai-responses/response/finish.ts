/** The end of an answer, streaming or not: the response object with its status, output and usage. */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asObject } from '../../../anthropic/json.ts'
import type { TargetModel } from '../../dialect.ts'
import type { PartBuilder } from '../../shared/answer/part-builder.ts'
import { toCodeFailure } from './error.ts'
import type { Output } from './output.ts'
import { toFinish } from './stop-reason.ts'
import { findUsage } from './usage.ts'

/** The answer that is ended: its parts so far, and its output items. */
export interface Answer {
  target: TargetModel
  parts: PartBuilder
  output: Output
}

/**
 * Ends the answer: emits what is buffered, and `stop` or `failure`. `status` applies if the
 * response has none.
 */
export function finishAnswer(
  { target, parts, output }: Answer,
  response: JsonObject,
  status: string,
): void {
  const finish = toFinish(response, status)
  const usage = findUsage(response)
  parts.report(usage)
  if (finish === 'failed') {
    parts.fail(toCodeFailure(asObject(response['error']) ?? {}, target))
    return
  }
  if (finish === 'truncated') {
    parts.truncated()
    return
  }
  parts.start()
  output.end(asArray(response['output']))
  if (output.hasNamelessCall) {
    parts.invalid('arguments of a function call without a name')
  }
  parts.stop(finish, usage)
}
