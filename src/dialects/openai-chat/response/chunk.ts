/**
 * Reads the parsed chunks of one answer. A non-streaming answer is read as a single chunk.
 *
 * A finish reason does not end the answer: usage, and sometimes content, follows it. It ends with
 * `[DONE]` or the end of the stream.
 */
import type { ReportedUsage } from '../../../anthropic/answer/part.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asCount, asObject, asString, isObject } from '../../../anthropic/json.ts'
import type { DialectTarget } from '../../dialect.ts'
import { withTier } from '../../shared/answer/billing-terms.ts'
import type { PartBuilder } from '../../shared/answer/part-builder.ts'
import type { ChatQuirks } from '../quirks.ts'
import { Annotations } from './annotations.ts'
import type { Finish } from './stop-reason.ts'
import { readFinish, strongerFinish } from './stop-reason.ts'
import { TextAndThinking } from './text-and-thinking.ts'
import { ToolCalls } from './tool-calls.ts'
import { readLegacyCall, readToolEntry } from './tool-entry.ts'
import { findUsage, toTokenUsage } from './usage.ts'

/**
 * How an answer ended. `whole`: it is not streaming. `marked`: the provider sent `[DONE]`.
 * `closed`: the stream ended without it, as with Cerebras and Perplexity. `broken`: the connection
 * ended without an end of the stream.
 */
export type Ending = 'whole' | 'marked' | 'closed' | 'broken'

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
  end(ending: Ending): void {
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
    const mayBeWhole = !this.#parts.hasContent
    let position = 0
    for (const choice of asArray(choices)) {
      if (isObject(choice)) {
        const message = mayBeWhole ? asObject(choice['message']) : undefined
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
  #isUnfinished(ending: Ending): boolean {
    if (this.#finish !== undefined || ending === 'whole') {
      return false
    }
    const isEnd =
      ending === 'marked' || (ending === 'closed' && this.#target.quirks.finish_optional)
    return !isEnd || !this.#parts.hasContent || this.#calls.isTruncated
  }
}
