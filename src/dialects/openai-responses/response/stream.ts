import type { Part } from '../../../anthropic/answer/part.ts'
/** A stream of response events: framing marks, errors and nonsense; the rest is answer.ts and output.ts. */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asCount, asObject, asString, isObject, parseJson } from '../../../anthropic/json.ts'
import type { ReadContext, StreamReader, DialectTarget, UpstreamEvent } from '../../dialect.ts'
import { toEventFailure } from '../../shared/errors/upstream-error.ts'
import type { ResponsesQuirks } from '../quirks.ts'
import type { Answer } from './answer.ts'
import { begin, createAnswer, fail, finish } from './answer.ts'
import { findError, toErrorEventFailure } from './error.ts'
import type { Piece } from './output.ts'
import { readItemAdded, readItemDone, readPiece } from './output.ts'

/** A reader for one stream. It is complete when an event says so, and never by its end. */
export function createReader(
  target: DialectTarget<ResponsesQuirks>,
  context: ReadContext,
): StreamReader {
  const answer = createAnswer(target, context)
  return {
    read(event, parts) {
      if (answer.phase !== 'after' && !isMark(event.data)) {
        readData(answer, event, parts)
      }
    },
    end: (parts) => fail(answer, { kind: 'upstream_truncated', provider: target.provider }, parts),
  }
}

function readData(answer: Answer, { event: name, data }: UpstreamEvent, parts: Part[]): void {
  const { target } = answer
  const event = parseJson(data)
  if (!isObject(event)) {
    const failure =
      name === 'error'
        ? toEventFailure(event ?? data, target)
        : nonsense(target.provider, `an event of ${data.length} characters that is no object`)
    fail(answer, failure, parts)
    return
  }
  readEvent(answer, asString(event['type']) ?? name ?? '', event, parts)
}

function readEvent(answer: Answer, type: string, event: JsonObject, parts: Part[]): void {
  switch (type) {
    case 'error':
      fail(answer, toErrorEventFailure(event, answer.target), parts)
      break
    case 'response.completed':
    case 'response.incomplete':
    case 'response.failed':
    case 'response.cancelled':
      finish(answer, asObject(event['response']) ?? {}, type.slice('response.'.length), parts)
      break
    case 'response.output_item.added':
      begin(answer, parts)
      readItemAdded(answer.output, event, parts)
      break
    case 'response.output_item.done':
      begin(answer, parts)
      readItemDone(answer.output, event, parts)
      break
    default:
      readOther(answer, type, event, parts)
  }
}

/**
 * Pieces of content, and errors that some servers send as chat completions do. The rest says nothing
 * that must be known: `response.created`, `queued`, `in_progress`, keep-alives, content parts, hosted
 * tools.
 */
function readOther(answer: Answer, type: string, event: JsonObject, parts: Part[]): void {
  const piece = toPiece(type, event)
  if (piece !== undefined) {
    begin(answer, parts)
    readPiece(answer.output, event, piece, parts)
    return
  }
  const failure = type.startsWith('response.') ? undefined : findError(event, answer.target)
  if (failure !== undefined) {
    fail(answer, failure, parts)
  }
}

/** Of what comes whole after its deltas only arguments are read: some servers send no deltas of those. */
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
    // vLLM, of old.
    case 'response.reasoning.delta':
      return { kind: 'reasoning', from: 'content', part: partOf(event, 'content_index'), text }
    case 'response.function_call_arguments.delta':
      return { kind: 'call', name: undefined, isWhole: false, text }
    case 'response.function_call_arguments.done': {
      const whole = asString(event['arguments']) ?? ''
      return { kind: 'call', name: event['name'], isWhole: true, text: whole }
    }
    default:
      return undefined
  }
}

function partOf(event: JsonObject, field: string): number {
  return asCount(event[field]) ?? 0
}

function isMark(data: string): boolean {
  return data.length < 16 && data.trim() === '[DONE]'
}

function nonsense(provider: string, detail: string) {
  return { kind: 'upstream_invalid_response' as const, provider, detail }
}
