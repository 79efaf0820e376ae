/** A non-streaming chat completion, read as one chunk whose deltas are its messages. */
import type { Part } from '../../../anthropic/answer/part.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asObject, isObject } from '../../../anthropic/json.ts'
import type { ReadContext, DialectTarget } from '../../dialect.ts'
import { PartBuilder } from '../../shared/answer/part-builder.ts'
import type { ChatQuirks } from '../quirks.ts'
import { findError } from './error.ts'
import { fromNativeAnswer } from './native-answer.ts'
import { ChunkReader } from './stream.ts'

/**
 * Reads the body of a response with status 2xx. Several choices are parts of one answer (Copilot
 * has text and tool calls in different ones), since the gateway never requests alternatives.
 */
export function readReply(
  answer: unknown,
  target: DialectTarget<ChatQuirks>,
  context: ReadContext,
): readonly Part[] {
  const parts = new PartBuilder(target, context)
  const body = fromNativeAnswer(answer)
  const failure = findError(body, target)
  const choices = asArray(asObject(body)?.['choices']).filter(isObject)
  const chunks = new ChunkReader(target, parts, true)
  if (failure !== undefined) {
    chunks.readUsage(asObject(body) ?? {})
    parts.fail(failure)
  } else if (!isObject(body) || choices.length === 0) {
    parts.invalid('a non-streaming answer without choices')
  } else {
    chunks.read({ ...body, choices: choices.map(toChunkChoice) })
    chunks.end('whole')
  }
  return parts.take()
}

function toChunkChoice(choice: JsonObject, index: number): JsonObject {
  const message = asObject(choice['message']) ?? asObject(choice['delta']) ?? {}
  const calls = asArray(message['tool_calls']).filter(isObject)
  return {
    ...choice,
    index,
    // Each entry is a call of its own, whatever its index.
    delta: {
      ...message,
      tool_calls: calls.map((call, position) => ({ ...call, index: position })),
    },
  }
}
