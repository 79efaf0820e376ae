import type { Part } from '../../../anthropic/answer/part.ts'
/** A whole response. It is a stream told at once: every item comes whole. */
import { isObject } from '../../../anthropic/json.ts'
import type { ReadContext, DialectTarget } from '../../dialect.ts'
import type { ResponsesQuirks } from '../quirks.ts'
import { createAnswer, finish } from './answer.ts'
import { findError } from './error.ts'

/** Reads a body that came with status 2xx. */
export function readReply(
  body: unknown,
  target: DialectTarget<ResponsesQuirks>,
  context: ReadContext,
): Part[] {
  const isResponse = isObject(body) && Array.isArray(body['output'])
  if (!isResponse) {
    const failure = findError(body, target)
    const { provider } = target
    const detail = 'a whole answer without output'
    return [
      {
        type: 'failure',
        failure: failure ?? { kind: 'upstream_invalid_response', provider, detail },
      },
    ]
  }
  const parts: Part[] = []
  finish(createAnswer(target, context), body, 'completed', parts)
  return parts
}
