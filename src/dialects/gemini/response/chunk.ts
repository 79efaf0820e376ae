import type { Part } from '../../../anthropic/answer/part.ts'
/**
 * One answer, chunk by chunk. Each chunk is a whole `GenerateContentResponse` with what is new in its
 * candidate; an answer that is no stream is a single one.
 *
 *   before ──first chunk: start──▶ reading ──end──▶ after     failure: from anywhere ──▶ after
 *
 * There is no closing mark: the stream ends, and it was complete if a finish reason came.
 */
import type { Failure } from '../../../anthropic/error.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asObject, isObject } from '../../../anthropic/json.ts'
import type { ReadContext, TargetModel } from '../../dialect.ts'
import type { AnswerParts } from './answer-parts.ts'
import { createAnswerParts, endAnswerParts, readAnswerPart } from './answer-parts.ts'
import { findError, toUnusableFailure } from './error.ts'
import type { Finish } from './stop-reason.ts'
import { readBlock, readFinish } from './stop-reason.ts'
import { toTokenUsage } from './usage.ts'

/** One answer on its way. Made by {@link createChunks}; not to be shared. */
export interface Chunks {
  answer: AnswerParts
  phase: 'before' | 'reading' | 'after'
  finish: Finish | undefined
  usage: JsonObject | undefined
}

export function createChunks(target: TargetModel, context: ReadContext): Chunks {
  return {
    answer: createAnswerParts(target, context),
    phase: 'before',
    finish: undefined,
    usage: undefined,
  }
}

/** Takes a chunk, whatever it is. */
export function readChunk(chunks: Chunks, chunk: unknown, parts: Part[]): void {
  const { target } = chunks.answer
  if (chunks.phase === 'after') {
    return
  }
  const failure = findError(chunk, target)
  if (failure !== undefined) {
    failChunks(chunks, failure, parts)
  } else if (isObject(chunk)) {
    readResponse(chunks, chunk, parts)
  } else {
    failChunks(chunks, nonsense(chunks, 'a chunk that is no object'), parts)
  }
}

/** The answer is over. `isWhole`: it was no stream, so it is complete without a finish reason. */
export function endChunks(chunks: Chunks, isWhole: boolean, parts: Part[]): void {
  if (chunks.phase === 'after') {
    return
  }
  const { answer, finish, usage } = chunks
  const { provider } = answer.target
  if (finish === undefined && !isWhole) {
    failChunks(chunks, { kind: 'upstream_truncated', provider }, parts)
    return
  }
  if (finish !== undefined && 'failure' in finish) {
    failChunks(chunks, toUnusableFailure(finish.failure, provider), parts)
    return
  }
  endAnswerParts(answer, parts)
  const counted = toTokenUsage(usage)
  parts.push({
    type: 'stop',
    ...(finish ?? { reason: 'end_turn' }),
    ...(counted === undefined ? {} : { usage: counted }),
  })
  chunks.phase = 'after'
}

export function failChunks(chunks: Chunks, failure: Failure, parts: Part[]): void {
  if (chunks.phase !== 'after') {
    chunks.phase = 'after'
    parts.push({ type: 'failure', failure })
  }
}

function readResponse(chunks: Chunks, response: JsonObject, parts: Part[]): void {
  const candidates = asArray(response['candidates']).filter(isObject)
  const block = readBlock(asObject(response['promptFeedback']))
  const usage = asObject(response['usageMetadata'])
  if (candidates.length === 0 && block === undefined && usage === undefined) {
    // A keep-alive of a proxy.
    return
  }
  if (chunks.phase === 'before') {
    chunks.phase = 'reading'
    parts.push({ type: 'start' })
  }
  // Cumulative, and incomplete until the last: what counts the prompt is worth keeping.
  chunks.usage = toTokenUsage(usage) === undefined ? chunks.usage : usage
  chunks.finish ??= block
  // The gateway asks for one candidate.
  const [candidate] = candidates
  if (candidate !== undefined) {
    readCandidate(chunks, candidate, parts)
  }
}

function readCandidate(chunks: Chunks, candidate: JsonObject, parts: Part[]): void {
  for (const part of asArray(asObject(candidate['content'])?.['parts'])) {
    if (isObject(part) && !readAnswerPart(chunks.answer, part, parts)) {
      failChunks(chunks, nonsense(chunks, 'a function call without a name'), parts)
      return
    }
  }
  chunks.finish = readFinish(candidate) ?? chunks.finish
}

function nonsense({ answer }: Chunks, detail: string): Failure {
  return { kind: 'upstream_invalid_response', provider: answer.target.provider, detail }
}
