/**
 * Reads a chat completion stream: its events, their chunks, and errors in them. A non-streaming answer is read
 * as a single chunk (reply.ts).
 *
 * A finish reason does not end the answer: usage, and sometimes content, follows it. It ends with
 * `[DONE]` or the end of the stream.
 */
import type { Part, ReportedUsage } from '../../../anthropic/answer/part.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asCount, asObject, asString, isObject } from '../../../anthropic/json.ts'
import type { ReadContext, StreamReader, DialectTarget, UpstreamEvent } from '../../dialect.ts'
import { withTier } from '../../shared/answer/billing-terms.ts'
import { isDone, isHeartbeat, readJsonEvents } from '../../shared/answer/json-events.ts'
import { PartBuilder } from '../../shared/answer/part-builder.ts'
import { toEventFailure } from '../../shared/errors/upstream-error.ts'
import type { ChatQuirks } from '../quirks.ts'
import { Annotations } from './annotations.ts'
import { findError } from './error.ts'
import { fromNativeAnswer } from './native-answer.ts'
import type { Finish } from './stop-reason.ts'
import { readFinish, strongerFinish } from './stop-reason.ts'
import { TextAndThinking } from './text-and-thinking.ts'
import { ToolCalls } from './tool-calls.ts'
import { readLegacyCall, readToolEntry } from './tool-entry.ts'
import { findUsage, toTokenUsage } from './usage.ts'

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
      this.#parts.invalid(`an event of ${data.length} characters that is not a chunk`)
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

/**
 * How an answer ended. `whole`: it is not streaming. `marked`: the provider sent `[DONE]`.
 * `closed`: the stream ended without it, as with Cerebras and Perplexity. `broken`: the connection
 * ended without an end of the stream.
 */
type StreamEnding = 'whole' | 'marked' | 'closed' | 'broken'

/** Reads the parsed chunks of one answer. */
export class ChunkReader {
  readonly #target: DialectTarget<ChatQuirks>
  readonly #parts: PartBuilder
  readonly #calls: ToolCalls
  readonly #text: TextAndThinking
  /** Undefined where the provider was not asked to search. */
  readonly #annotations: Annotations | undefined
  #finish: Finish | undefined
  #usage: ReportedUsage | undefined

  constructor(target: DialectTarget<ChatQuirks>, parts: PartBuilder, isWhole: boolean) {
    this.#target = target
    this.#parts = parts
    this.#calls = new ToolCalls(target, parts)
    this.#text = new TextAndThinking({ target, parts, calls: this.#calls, isWhole })
    if (parts.mayCite) {
      parts.withholdText(isWhole)
      this.#annotations = new Annotations()
    }
  }

  /** Reads a chunk that is not an error. */
  read(chunk: JsonObject): void {
    const { choices } = chunk
    const usage = findUsage(chunk)
    if (!Array.isArray(choices) && usage === undefined) {
      // Keep-alives of many shapes.
      return
    }
    this.#parts.start()
    this.#readChoices(choices)
    this.#readUsage(chunk, usage)
  }

  /** Takes the usage of a chunk that is an error. */
  readUsage(chunk: JsonObject): void {
    this.#readUsage(chunk, findUsage(chunk))
  }

  /** Ends the answer: emits what is buffered, and `stop` or `failure`. */
  end(ending: StreamEnding): void {
    if (this.#isUnfinished(ending)) {
      this.#parts.truncated()
      return
    }
    this.#calls.end()
    this.#text.flush()
    this.#annotations?.end(this.#parts, this.#usage?.webSearches)
    this.#text.close()
    const finish = this.#finish ?? { reason: 'end_turn' }
    if (this.#calls.hasNameless) {
      this.#parts.invalid('a tool call without a name')
    } else if ('failure' in finish) {
      this.#parts.unusable(`finish_reason: ${finish.word}`, finish.failure === 'overloaded')
    } else {
      this.#parts.stop(finish, this.#usage)
    }
  }

  #readChoices(choices: unknown): void {
    // Some proxies send the complete answer as the only chunk of a stream.
    const mayBeComplete = !this.#parts.hasContent
    let position = 0
    for (const choice of asArray(choices)) {
      if (isObject(choice)) {
        const message = mayBeComplete ? asObject(choice['message']) : undefined
        this.#readDelta(
          asObject(choice['delta']) ?? message ?? {},
          asCount(choice['index']) ?? position,
        )
        this.#readFinish(choice)
      }
      position += 1
    }
  }

  /** Usage that is sent several times is cumulative, and not to be summed. */
  #readUsage(chunk: JsonObject, usage: JsonObject | undefined): void {
    if (usage !== undefined) {
      const tier = asString(chunk['service_tier']) ?? asString(usage['service_tier'])
      this.#usage = withTier(toTokenUsage(usage, this.#target.quirks), tier)
      this.#parts.report(this.#usage)
    }
  }

  #readDelta(delta: JsonObject, choice: number): void {
    this.#text.read(delta)
    this.#annotations?.read(delta['annotations'])
    const entries = asArray(delta['tool_calls'])
    const calls =
      entries.length === 0 ? [readLegacyCall(delta['function_call'])] : entries.map(readToolEntry)
    for (const entry of calls) {
      if (entry !== undefined && !this.#parts.isOver) {
        if (this.#calls.interrupts(entry, choice)) {
          this.#calls.endComplete()
          this.#text.close()
        }
        this.#calls.read(entry, choice)
      }
    }
  }

  #readFinish(choice: JsonObject): void {
    const finish = readFinish(choice)
    if (finish !== undefined) {
      this.#finish = strongerFinish(this.#finish, finish)
    }
  }

  /** Whether the answer is incomplete, as far as that is known without a finish reason. */
  #isUnfinished(ending: StreamEnding): boolean {
    if (this.#finish !== undefined || ending === 'whole') {
      return false
    }
    const isEnd =
      ending === 'marked' || (ending === 'closed' && this.#target.quirks.finish_optional)
    return !isEnd || !this.#parts.hasContent || this.#calls.isTruncated
  }
}
