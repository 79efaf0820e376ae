/** A non-streaming response, read as a stream of one chunk, or of several in a list. */
import type { Part } from '../../../anthropic/answer/part.ts'
import { asArray, asObject } from '../../../anthropic/json.ts'
import type { ReadContext, TargetModel } from '../../dialect.ts'
import { PartBuilder } from '../../shared/answer/part-builder.ts'
import { findError } from '../../shared/errors/upstream-error.ts'
import { ChunkReader } from './chunk.ts'

/** Reads the body of a response with status 2xx. A stream without `alt=sse` is a JSON array. */
export function readReply(
  body: unknown,
  target: TargetModel,
  context: ReadContext,
): readonly Part[] {
  const parts = new PartBuilder(target, context)
  const isStream = Array.isArray(body)
  const chunks = new ChunkReader(target, parts, !isStream)
  if (!isStream && !hasAnswer(body) && findError(body, target) === undefined) {
    parts.invalid('a non-streaming answer without candidates')
  }
  for (const chunk of isStream ? asArray(body) : [body]) {
    chunks.read(chunk)
  }
  chunks.end(!isStream)
  return parts.take()
}

function hasAnswer(body: unknown): boolean {
  const response = asObject(body)
  return (
    asArray(response?.['candidates']).length > 0 ||
    asObject(response?.['promptFeedback']) !== undefined
  )
}
