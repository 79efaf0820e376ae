/**
 * Reads the events of a chat completion stream, and errors in them. Chunks are read in chunk.ts.
 */
import type { Part } from '../../../anthropic/answer/part.ts'
import { asObject, isObject } from '../../../anthropic/json.ts'
import type { ReadContext, StreamReader, DialectTarget, UpstreamEvent } from '../../dialect.ts'
import { isDone, isHeartbeat, readJsonEvents } from '../../shared/answer/json-events.ts'
import { PartBuilder } from '../../shared/answer/part-builder.ts'
import { toEventFailure } from '../../shared/errors/upstream-error.ts'
import type { ChatQuirks } from '../quirks.ts'
import { ChunkReader } from './chunk.ts'
import { findError } from './error.ts'
import { fromNativeAnswer } from './native-answer.ts'

/**
 * Creates the reader of one stream. Without a finish reason the answer is complete if `[DONE]`
 * followed content (or the quirk `finish_optional` is set) and no tool call is truncated; otherwise
 * it is a failure, and never an `end_turn`.
 */
export function createReader(
  target: DialectTarget<ChatQuirks>,
  context: ReadContext,
): StreamReader {
  return new ChatStreamReader(target, context)
}

class ChatStreamReader implements StreamReader {
  readonly #target: DialectTarget<ChatQuirks>
  readonly #parts: PartBuilder
  readonly #chunks: ChunkReader

  constructor(target: DialectTarget<ChatQuirks>, context: ReadContext) {
    this.#target = target
    this.#parts = new PartBuilder(target, context)
    this.#chunks = new ChunkReader(target, this.#parts, false)
  }

  read(event: UpstreamEvent): readonly Part[] {
    if (!this.#parts.isOver) {
      this.#readEvent(event)
    }
    return this.#parts.take()
  }

  end(isBroken = false): readonly Part[] {
    if (!this.#parts.isOver) {
      this.#chunks.end(isBroken ? 'broken' : 'closed')
    }
    return this.#parts.take()
  }

  #readEvent({ event, data }: UpstreamEvent): void {
    if (isDone(data)) {
      this.#chunks.end('marked')
      return
    }
    const chunks = readJsonEvents(data)
    if (event === 'error') {
      // It may be plain text.
      this.#parts.fail(toEventFailure(chunks[0] ?? data, this.#target))
    }
    chunks.forEach((chunk) => this.#readChunk(fromNativeAnswer(chunk)))
    if (!chunks.some(isObject) && !isHeartbeat(data)) {
      this.#parts.invalid(`an event of ${data.length} characters that is no chunk`)
    }
  }

  #readChunk(chunk: unknown): void {
    const failure = findError(chunk, this.#target)
    if (failure !== undefined) {
      this.#chunks.readUsage(asObject(chunk) ?? {})
      this.#parts.fail(failure)
    } else if (isObject(chunk)) {
      this.#chunks.read(chunk)
    }
  }
}
