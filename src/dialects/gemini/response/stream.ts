/** Reads the events of `streamGenerateContent?alt=sse`. Their chunks are read in chunk.ts. */
import type { Part } from '../../../anthropic/answer/part.ts'
import { isObject } from '../../../anthropic/json.ts'
import type { ReadContext, StreamReader, TargetModel, UpstreamEvent } from '../../dialect.ts'
import { isDone, isHeartbeat, readJsonEvents } from '../../shared/answer/json-events.ts'
import { PartBuilder } from '../../shared/answer/part-builder.ts'
import { toEventFailure } from '../../shared/errors/upstream-error.ts'
import { ChunkReader } from './chunk.ts'

/** Creates the reader of one stream. A stream that closes without a finish reason was truncated. */
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
    this.#chunks = new ChunkReader(target, this.#parts, false)
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
    const chunks = readJsonEvents(data)
    if (event === 'error') {
      this.#parts.fail(toEventFailure(chunks[0] ?? data, this.#target))
    } else if (chunks.length === 0 && !isHeartbeat(data) && !isDone(data)) {
      this.#parts.invalid('a chunk that is not an object')
    }
    for (const chunk of chunks.flat().filter(isObject)) {
      this.#chunks.read(chunk)
    }
  }
}
