import type { Part } from '../../../anthropic/answer/part.ts'
/** A stream of chat completion chunks: framing marks, errors and nonsense; the rest is chunk.ts. */
import { isObject, parseJson } from '../../../anthropic/json.ts'
import type { ReadContext, StreamReader, DialectTarget, UpstreamEvent } from '../../dialect.ts'
import { toEventFailure } from '../../shared/errors/upstream-error.ts'
import type { ChatQuirks } from '../quirks.ts'
import type { Chunks } from './chunk.ts'
import { createChunks, endChunks, failChunks, readChunk } from './chunk.ts'
import { findError } from './error.ts'
import { fromNativeAnswer } from './native-answer.ts'

/**
 * A reader for one stream. Without a finish reason the answer is complete where the provider said
 * `[DONE]` after content (or need not say so: quirk `finish_optional`) and no tool call is cut;
 * otherwise it is a failure, and never an `end_turn`.
 */
export function createReader(
  target: DialectTarget<ChatQuirks>,
  context: ReadContext,
): StreamReader {
  const chunks = createChunks(target, context, false)
  return {
    read(event, parts) {
      if (chunks.phase !== 'after') {
        readEvent(chunks, event, parts)
      }
    },
    end: (parts) => endChunks(chunks, 'closed', parts),
  }
}

function readEvent(chunks: Chunks, { event, data }: UpstreamEvent, parts: Part[]): void {
  if (isMark(data)) {
    endChunks(chunks, 'marked', parts)
    return
  }
  const { target } = chunks
  const chunk = fromNativeAnswer(parseJson(data))
  // An error may be no JSON but a sentence.
  const failure =
    event === 'error' ? toEventFailure(chunk ?? data, target) : findError(chunk, target)
  if (failure !== undefined) {
    failChunks(chunks, failure, parts)
  } else if (isObject(chunk)) {
    readChunk(chunks, chunk, parts)
  } else {
    const { provider } = target
    const detail = `an event of ${data.length} characters that is no chunk`
    failChunks(chunks, { kind: 'upstream_invalid_response', provider, detail }, parts)
  }
}

function isMark(data: string): boolean {
  return data.length < 16 && data.trim() === '[DONE]'
}
