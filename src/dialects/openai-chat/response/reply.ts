import type { Part } from '../../../anthropic/answer/part.ts'
/** A whole chat completion. It is a stream told at once: one chunk, whose deltas are the messages. */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asObject, isObject } from '../../../anthropic/json.ts'
import type { ReadContext, DialectTarget } from '../../dialect.ts'
import type { ChatQuirks } from '../quirks.ts'
import { createChunks, endChunks, readChunk } from './chunk.ts'
import { findError } from './error.ts'
import { fromNativeAnswer } from './native-answer.ts'

/**
 * Reads a body that came with status 2xx. Several choices are pieces of one answer (Copilot puts text
 * and tool calls into different ones), since the gateway never asks for alternatives.
 */
export function readReply(
  answer: unknown,
  target: DialectTarget<ChatQuirks>,
  context: ReadContext,
): Part[] {
  const body = fromNativeAnswer(answer)
  const failure = findError(body, target)
  if (failure !== undefined) {
    return [{ type: 'failure', failure }]
  }
  const choices = asArray(asObject(body)?.['choices']).filter(isObject)
  if (!isObject(body) || choices.length === 0) {
    const { provider } = target
    const detail = 'a whole answer without choices'
    return [{ type: 'failure', failure: { kind: 'upstream_invalid_response', provider, detail } }]
  }
  const parts: Part[] = []
  const chunks = createChunks(target, context, true)
  readChunk(chunks, { ...body, choices: choices.map(toChunkChoice) }, parts)
  endChunks(chunks, 'whole', parts)
  return parts
}

function toChunkChoice(choice: JsonObject, index: number): JsonObject {
  const message = asObject(choice['message']) ?? asObject(choice['delta']) ?? {}
  const calls = asArray(message['tool_calls']).filter(isObject)
  return {
    ...choice,
    index,
    // Each entry is a call of its own, whatever its index says.
    delta: {
      ...message,
      tool_calls: calls.map((call, position) => ({ ...call, index: position })),
    },
  }
}
