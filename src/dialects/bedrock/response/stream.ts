/**
 * A stream of `ConverseStream`, event by event. Usage arrives after the stop reason, in its own
 * event; a stream that ends before the stop reason was truncated.
 */
import type { Part, ReportedUsage } from '../../../anthropic/answer/part.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asObject, isObject, parseJson } from '../../../anthropic/json.ts'
import type { ReadContext, StreamReader, TargetModel, UpstreamEvent } from '../../dialect.ts'
import { PartBuilder } from '../../shared/answer/part-builder.ts'
import { toEventFailure } from '../../shared/errors/upstream-error.ts'
import { Blocks } from './blocks.ts'
import type { Finish } from './stop-reason.ts'
import { readFinish } from './stop-reason.ts'
import { findUsage } from './usage.ts'

/** Creates the reader of one stream. */
export function createReader(target: TargetModel, context: ReadContext): StreamReader {
  return new ConverseStreamReader(target, context)
}

class ConverseStreamReader implements StreamReader {
  readonly #target: TargetModel
  readonly #parts: PartBuilder
  readonly #blocks: Blocks
  #finish: Finish | undefined
  #usage: ReportedUsage | undefined

  constructor(target: TargetModel, context: ReadContext) {
    this.#target = target
    this.#parts = new PartBuilder(target, context)
    this.#blocks = new Blocks(target, this.#parts)
  }

  read(event: UpstreamEvent): readonly Part[] {
    if (!this.#parts.isOver) {
      this.#readEvent(event)
    }
    return this.#parts.take()
  }

  end(): readonly Part[] {
    this.#end()
    return this.#parts.take()
  }

  #readEvent({ event, data }: UpstreamEvent): void {
    if (event === 'error') {
      // `{"__type": "throttlingException", "message": …}`
      this.#parts.fail(toEventFailure(parseJson(data) ?? data, this.#target))
      return
    }
    const message = parseJson(data)
    if (!isObject(message)) {
      this.#parts.invalid(`an event of ${data.length} characters that is not an object`)
      return
    }
    this.#parts.start()
    this.#readMessage(event, message)
  }

  #readMessage(event: string | undefined, message: JsonObject): void {
    switch (event) {
      case 'contentBlockStart':
        this.#blocks.start(message['start'])
        break
      case 'contentBlockDelta':
        this.#blocks.readDelta(asObject(message['delta']) ?? {})
        break
      case 'contentBlockStop':
        this.#blocks.end()
        break
      case 'messageStop':
        this.#finish =
          readFinish(message['stopReason'], message['additionalModelResponseFields']) ??
          this.#finish
        break
      case 'metadata':
        // There may be several metadata events, and the first may lack usage.
        this.#readUsage(message)
        if (this.#usage !== undefined && this.#finish !== undefined) {
          this.#end()
        }
        break
      default:
      // `messageStart` has only a role; an unknown event has no content.
    }
  }

  #readUsage(metadata: JsonObject): void {
    const usage = findUsage(metadata)
    this.#usage = usage ?? this.#usage
    this.#parts.report(usage)
  }

  #end(): void {
    if (this.#finish === undefined) {
      this.#parts.truncated()
    } else {
      this.#blocks.end()
      endAnswer(this.#parts, this.#finish, this.#usage)
    }
  }
}

/** Builds the last part of an answer, streaming or not. */
export function endAnswer(
  parts: PartBuilder,
  finish: Finish,
  usage: ReportedUsage | undefined,
): void {
  if ('failure' in finish) {
    parts.unusable(`stopReason: ${finish.failure}`)
  } else {
    parts.stop(finish, usage)
  }
}
