import type { Part } from '../../../anthropic/answer/part.ts'
/** A whole answer of `Converse`. */
import { asArray, asObject, isObject } from '../../../anthropic/json.ts'
import type { ReadContext, TargetModel } from '../../dialect.ts'
import { isErrorBody } from '../../shared/errors/error-body.ts'
import { toEventFailure } from '../../shared/errors/upstream-error.ts'
import { createBlocks, endBlock, readBlock } from './blocks.ts'
import { readFinish } from './stop-reason.ts'
import { toEnd } from './stream.ts'

/** Reads a body that came with status 2xx. */
export function readReply(body: unknown, target: TargetModel, context: ReadContext): Part[] {
  const answer = asObject(body)
  const message = asObject(asObject(answer?.['output'])?.['message'])
  if (answer === undefined || message === undefined) {
    return [{ type: 'failure', failure: toFailure(body, target) }]
  }
  const parts: Part[] = [{ type: 'start' }]
  const blocks = createBlocks(target, context)
  for (const block of asArray(message['content'])) {
    if (isObject(block)) {
      readBlock(blocks, block, parts)
    }
  }
  endBlock(blocks, parts)
  const { stopReason, additionalModelResponseFields, usage } = answer
  const finish = readFinish(stopReason, additionalModelResponseFields) ?? { reason: 'end_turn' }
  return [...parts, toEnd(finish, usage, target)]
}

function toFailure(body: unknown, target: TargetModel) {
  return isErrorBody(body)
    ? toEventFailure(body, target)
    : {
        kind: 'upstream_invalid_response' as const,
        provider: target.provider,
        detail: 'a whole answer without a message',
      }
}
