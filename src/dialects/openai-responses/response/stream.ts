/**
 * Reads the events of a response stream, and errors in them. Items are read in output.ts.
 *
 * A created response does not mean that the provider accepted the request: it may then report a
 * prompt that is too long, or a lack of capacity. The first item means that.
 */
import type { Part } from '../../../anthropic/answer/part.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asCount, asObject, asString, isObject } from '../../../anthropic/json.ts'
import type { ReadContext, StreamReader, DialectTarget, UpstreamEvent } from '../../dialect.ts'
import { isDone, isHeartbeat, readJsonEvents } from '../../shared/answer/json-events.ts'
import { PartBuilder } from '../../shared/answer/part-builder.ts'
import { findError, toEventFailure } from '../../shared/errors/upstream-error.ts'
import type { ResponsesQuirks } from '../quirks.ts'
import { toCodeFailure } from './error.ts'
import type { Answer } from './finish.ts'
import { finishAnswer } from './finish.ts'
import type { Piece } from './output.ts'
import { Output } from './output.ts'
import { findUsage } from './usage.ts'

/** Creates the reader of one stream, which is complete only by an event, never by its end. */
export function createReader(
  target: DialectTarget<ResponsesQuirks>,
  context: ReadContext,
): StreamReader {
  return new ResponsesStreamReader(target, context)
}

class ResponsesStreamReader implements StreamReader {
  readonly #answer: Answer

  constructor(target: DialectTarget<ResponsesQuirks>, context: ReadContext) {
    const parts = new PartBuilder(target, context)
    this.#answer = { target, parts, output: new Output(target, parts) }
  }

  read(event: UpstreamEvent): readonly Part[] {
    const { parts } = this.#answer
    if (!parts.isOver && !isDone(event.data)) {
      this.#readData(event)
    }
    return parts.take()
  }

  end(): readonly Part[] {
    const { parts } = this.#answer
    parts.truncated()
    return parts.take()
  }

  #readData({ event: name, data }: UpstreamEvent): void {
    const { parts, target } = this.#answer
    const events = readJsonEvents(data)
    if (name === 'error' && !events.some(isObject)) {
      parts.fail(toEventFailure(events[0] ?? data, target))
    } else if (!events.some(isObject) && !isHeartbeat(data)) {
      parts.invalid(`an event of ${data.length} characters that is not an object`)
    }
    for (const event of events.filter(isObject)) {
      this.#readEvent(asString(event['type']) ?? name ?? '', event)
    }
  }

  #readEvent(type: string, event: JsonObject): void {
    const { parts, target, output } = this.#answer
    switch (type) {
      case 'error':
        parts.report(findUsage(asObject(event['response']) ?? event))
        // OpenAI's older form is `{ type, code, message }`.
        parts.fail(toCodeFailure(asObject(event['error']) ?? event, target))
        break
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
      case 'response.cancelled': {
        const response = asObject(event['response']) ?? {}
        finishAnswer(this.#answer, response, type.slice('response.'.length))
        break
      }
      case 'response.output_item.added':
        parts.start()
        output.readAdded(event)
        break
      case 'response.output_item.done':
        parts.start()
        output.readDone(event)
        break
      default:
        this.#readOther(type, event)
    }
  }

  /**
   * Reads deltas of content, errors in the format of chat completions, as some servers send them, and
   * usage that some report before the end. Other events have nothing of interest: `response.created`,
   * `queued`, `in_progress`, keep-alives, content parts, hosted tools.
   */
  #readOther(type: string, event: JsonObject): void {
    const { parts, target, output } = this.#answer
    const piece = toPiece(type, event)
    if (piece !== undefined) {
      parts.start()
      output.readPiece(event, piece)
      return
    }
    if (type === 'response.output_text.annotation.added') {
      output.readAnnotation(event)
    }
    if (partMarks.test(type)) {
      output.separateParts(event)
    }
    parts.report(findUsage(asObject(event['response']) ?? event))
    const failure = type.startsWith('response.') ? undefined : findError(event, target)
    if (failure !== undefined) {
      parts.fail(failure)
    }
  }
}

/**
 * The delta in an event. Of complete texts after their deltas only arguments are read, since some
 * servers send no deltas of those.
 */
function toPiece(type: string, event: JsonObject): Piece | undefined {
  const text = asString(event['delta']) ?? ''
  switch (type) {
    case 'response.output_text.delta':
      return { kind: 'message', isRefusal: false, text }
    case 'response.refusal.delta':
      return { kind: 'message', isRefusal: true, text }
    case 'response.reasoning_summary_text.delta':
      return { kind: 'reasoning', from: 'summary', part: partOf(event, 'summary_index'), text }
    case 'response.reasoning_text.delta':
    // Older vLLM.
    case 'response.reasoning.delta':
      return { kind: 'reasoning', from: 'content', part: partOf(event, 'content_index'), text }
    case 'response.function_call_arguments.delta':
      return { kind: 'call', name: undefined, isComplete: false, text }
    case 'response.function_call_arguments.done': {
      const fullText = asString(event['arguments']) ?? ''
      return { kind: 'call', name: event['name'], isComplete: true, text: fullText }
    }
    default:
      return undefined
  }
}

function partOf(event: JsonObject, field: string): number | undefined {
  return asCount(event[field])
}

/** Matches the events between two parts of one summary or reasoning text. */
const partMarks = /^response\.reasoning(?:_summary)?(?:_text\.done|_part\.(?:added|done))$/
