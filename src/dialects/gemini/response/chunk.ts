/**
 * One answer, chunk by chunk. Each chunk is a complete `GenerateContentResponse` whose candidate
 * has the new content; a non-streaming response is a single one.
 *
 * There is no end marker: a stream was complete if it had a finish reason.
 */
import type { ReportedUsage } from '../../../anthropic/answer/part.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asObject, isObject } from '../../../anthropic/json.ts'
import type { TargetModel } from '../../dialect.ts'
import type { PartBuilder } from '../../shared/answer/part-builder.ts'
import { findError } from '../../shared/errors/upstream-error.ts'
import { Content } from './content.ts'
import { Grounding } from './grounding.ts'
import type { Finish } from './stop-reason.ts'
import { readBlock, readFinish } from './stop-reason.ts'
import { toTokenUsage } from './usage.ts'

/** Builds the parts of one answer from its chunks. */
export class ChunkReader {
  readonly #target: TargetModel
  readonly #parts: PartBuilder
  readonly #content: Content
  readonly #grounding = new Grounding()
  #finish: Finish | undefined
  #usage: ReportedUsage | undefined

  constructor(target: TargetModel, parts: PartBuilder, isWhole: boolean) {
    this.#target = target
    this.#parts = parts
    this.#content = new Content(target, parts)
    if (parts.mayCite) {
      parts.withholdText(isWhole)
    }
  }

  /** Reads a chunk of any type. */
  read(chunk: unknown): void {
    const failure = findError(chunk, this.#target)
    if (failure !== undefined) {
      this.#readUsage(asObject(asObject(chunk)?.['usageMetadata']))
      this.#parts.fail(failure)
    } else if (isObject(chunk)) {
      this.#readResponse(chunk)
    } else {
      this.#parts.invalid('a chunk that is not an object')
    }
  }

  /**
   * Ends the answer. `isWhole`: it was not a stream, and is complete even without a finish reason.
   */
  end(isWhole: boolean): void {
    const finish = this.#finish ?? (isWhole ? { reason: 'end_turn' as const } : undefined)
    if (finish === undefined) {
      this.#parts.truncated()
    } else if ('failure' in finish) {
      this.#parts.unusable(`finishReason: ${finish.failure}`)
    } else {
      this.#grounding.end(this.#parts)
      this.#content.end()
      this.#parts.stop(finish, this.#usage)
    }
  }

  #readResponse(response: JsonObject): void {
    const candidates = asArray(response['candidates']).filter(isObject)
    const block = readBlock(asObject(response['promptFeedback']))
    const usage = asObject(response['usageMetadata'])
    if (candidates.length === 0 && block === undefined && usage === undefined) {
      // A keep-alive of a proxy.
      return
    }
    this.#parts.start()
    this.#finish ??= block
    // The gateway requests one candidate.
    const [candidate] = candidates
    if (candidate !== undefined) {
      this.#readCandidate(candidate)
    }
    this.#readUsage(usage)
  }

  /** Cumulative, and incomplete until the last: what counts the prompt is worth keeping. */
  #readUsage(metadata: JsonObject | undefined): void {
    const usage = toTokenUsage(metadata)
    const lacksPrompt = this.#usage?.input !== undefined && usage?.input === undefined
    if (usage !== undefined && !lacksPrompt) {
      this.#usage = usage
      this.#parts.report(usage)
    }
  }

  #readCandidate(candidate: JsonObject): void {
    for (const part of asArray(asObject(candidate['content'])?.['parts'])) {
      if (isObject(part)) {
        this.#content.read(part)
      }
    }
    this.#grounding.read(asObject(candidate['groundingMetadata']))
    this.#finish = readFinish(candidate) ?? this.#finish
  }
}
