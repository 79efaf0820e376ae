import type { Part } from '../../../anthropic/answer/part.ts'
/** A whole answer. It is a stream told at once: one chunk, or a list of them. */
import { asArray, asObject } from '../../../anthropic/json.ts'
import type { ReadContext, TargetModel } from '../../dialect.ts'
import { createChunks, endChunks, failChunks, readChunk } from './chunk.ts'
import { findError } from './error.ts'

/** Reads a body that came with status 2xx. A stream that was not asked for as events is a JSON array. */
export function readReply(body: unknown, target: TargetModel, context: ReadContext): Part[] {
  const parts: Part[] = []
  const chunks = createChunks(target, context)
  const isStream = Array.isArray(body)
  if (!isStream && !hasAnswer(body) && findError(body, target) === undefined) {
    const { provider } = target
    const detail = 'a whole answer without candidates'
    failChunks(chunks, { kind: 'upstream_invalid_response', provider, detail }, parts)
  }
  for (const chunk of isStream ? asArray(body) : [body]) {
    readChunk(chunks, chunk, parts)
  }
  endChunks(chunks, !isStream, parts)
  return parts
}

function hasAnswer(body: unknown): boolean {
  const response = asObject(body)
  return (
    asArray(response?.['candidates']).length > 0 ||
    asObject(response?.['promptFeedback']) !== undefined
  )
}
