/** A non-streaming response of `Converse`. */
import type { Part } from '../../../anthropic/answer/part.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asObject, isObject } from '../../../anthropic/json.ts'
import type { ReadContext, TargetModel } from '../../dialect.ts'
import { PartBuilder } from '../../shared/answer/part-builder.ts'
import { findError } from '../../shared/errors/upstream-error.ts'
import { Blocks } from './blocks.ts'
import { readFinish } from './stop-reason.ts'
import { endAnswer } from './stream.ts'
import { findUsage } from './usage.ts'

/** Reads the body of a response with status 2xx. */
export function readReply(
  body: unknown,
  target: TargetModel,
  context: ReadContext,
): readonly Part[] {
  const parts = new PartBuilder(target, context)
  const answer = asObject(body)
  const message = asObject(asObject(answer?.['output'])?.['message'])
  if (answer !== undefined && message !== undefined) {
    parts.start()
    const blocks = new Blocks(target, parts)
    reasoningFirst(asArray(message['content']).filter(isObject)).forEach((block) =>
      blocks.read(block),
    )
    blocks.end()
    const { stopReason, additionalModelResponseFields } = answer
    const usage = findUsage(answer)
    parts.report(usage)
    const finish = readFinish(stopReason, additionalModelResponseFields) ?? { reason: 'end_turn' }
    endAnswer(parts, finish, usage)
  } else {
    const failure = findError(body, target)
    if (failure !== undefined) {
      parts.fail(failure)
    }
    parts.invalid('a non-streaming answer without a message')
  }
  return parts.take()
}

/**
 * The content with reasoning first: DeepSeek-R1's responses have it after the text, where clients
 * do not expect it.
 */
function reasoningFirst(content: readonly JsonObject[]): JsonObject[] {
  const isReasoning = (block: JsonObject | undefined) => isObject(block?.['reasoningContent'])
  return content.some((block) => 'toolUse' in block) || !isReasoning(content.at(-1))
    ? [...content]
    : [...content.filter(isReasoning), ...content.filter((block) => !isReasoning(block))]
}
