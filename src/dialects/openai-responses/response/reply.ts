/** A non-streaming response, in which every item is complete. */
import type { Part } from '../../../anthropic/answer/part.ts'
import { asObject, isObject } from '../../../anthropic/json.ts'
import type { ReadContext, DialectTarget } from '../../dialect.ts'
import { PartBuilder } from '../../shared/answer/part-builder.ts'
import { findError } from '../../shared/errors/upstream-error.ts'
import type { ResponsesQuirks } from '../quirks.ts'
import { finishAnswer } from './finish.ts'
import { Output } from './output.ts'
import { findUsage } from './usage.ts'

/** Reads the body of a response with status 2xx. */
export function readReply(
  body: unknown,
  target: DialectTarget<ResponsesQuirks>,
  context: ReadContext,
): readonly Part[] {
  const parts = new PartBuilder(target, context)
  if (isObject(body) && Array.isArray(body['output'])) {
    const output = new Output(target, parts)
    finishAnswer({ target, parts, output }, body, 'completed')
    return parts.take()
  }
  const failure = findError(body, target)
  if (failure !== undefined) {
    parts.report(findUsage(asObject(body) ?? {}))
    parts.fail(failure)
  }
  parts.invalid('a non-streaming answer without output')
  return parts.take()
}
