import type { Part } from '../../../anthropic/answer/part.ts'
/** A stream of `streamGenerateContent?alt=sse`: its framing; the rest is chunk.ts. */
import { asArray, parseJson } from '../../../anthropic/json.ts'
import type { ReadContext, StreamReader, TargetModel, UpstreamEvent } from '../../dialect.ts'
import { toEventFailure } from '../../shared/errors/upstream-error.ts'
import type { Chunks } from './chunk.ts'
import { createChunks, endChunks, failChunks, readChunk } from './chunk.ts'

/** A reader for one stream. A stream that closes without a finish reason was cut. */
export function createReader(target: TargetModel, context: ReadContext): StreamReader {
  const chunks = createChunks(target, context)
  return {
    read: (event, parts) => readEvent(chunks, event, parts),
    end: (parts) => endChunks(chunks, false, parts),
  }
}

function readEvent(chunks: Chunks, { event, data }: UpstreamEvent, parts: Part[]): void {
  if (data.trim() === '[DONE]') {
    // Google says no such thing, proxies do.
    return
  }
  const chunk = parseJson(data)
  if (event === 'error') {
    failChunks(chunks, toEventFailure(chunk ?? data, chunks.answer.target), parts)
  } else if (Array.isArray(chunk)) {
    asArray(chunk).forEach((item) => readChunk(chunks, item, parts))
  } else {
    readChunk(chunks, chunk, parts)
  }
}
