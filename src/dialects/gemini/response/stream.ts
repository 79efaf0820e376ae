/** A stream of `streamGenerateContent?alt=sse`: its framing. The chunks are read in chunk.ts. */
import type { Part } from '../../../anthropic/answer/part.ts'
import { parseJson } from '../../../anthropic/json.ts'
import type { ReadContext, StreamReader, TargetModel, UpstreamEvent } from '../../dialect.ts'
import { PartBuilder } from '../../shared/answer/part-builder.ts'
import { toEventFailure } from '../../shared/errors/upstream-error.ts'
import { ChunkReader } from './chunk.ts'

/** A reader for one stream. A stream that closes without a finish reason was truncated. */
export function createReader(target: TargetModel, context: ReadContext): StreamReader {
  return new GeminiStreamReader(target, context)
}

class GeminiStreamReader implements StreamReader {
  readonly #target: TargetModel
  readonly #parts: PartBuilder
  readonly #chunks: ChunkReader

  constructor(target: TargetModel, context: ReadContext) {
    this.#target = target
    this.#parts = new PartBuilder(target, context)
    this.#chunks = new ChunkReader(target, this.#parts)
  }

  read(event: UpstreamEvent): readonly Part[] {
    this.#readEvent(event)
    return this.#parts.take()
  }

  end(): readonly Part[] {
    this.#chunks.end(false)
    return this.#parts.take()
  }

  #readEvent({ event, data }: UpstreamEvent): void {
    if (data.trim() === '[DONE]') {
      // Not Google's; proxies send it.
      return
    }
    const chunk = parseJson(data)
    if (event === 'error') {
      this.#parts.fail(toEventFailure(chunk ?? data, this.#target))
    } else if (Array.isArray(chunk)) {
      chunk.forEach((item) => this.#chunks.read(item))
    } else {
      this.#chunks.read(chunk)
    }
  }
}
