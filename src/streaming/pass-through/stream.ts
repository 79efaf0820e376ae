/**
 * A stream that is passed through, event by event, as received. Only the first events are parsed,
 * up to the first content (until then another upstream may answer), and the last ones, for the
 * outcome and usage.
 *
 *   pending ──first event of content──▶ streaming ──end──▶ complete, failed
 */
import type { AnswerStatus, Delivered } from '../../anthropic/answer/answer-status.ts'
import type { AnswerWriter } from '../../anthropic/answer/answer-writer.ts'
import { toErrorReply } from '../../anthropic/error-reply.ts'
import type { Failure } from '../../anthropic/error.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, asString, isObject, parseJson } from '../../anthropic/json.ts'
import { isErrorBody } from '../../dialects/shared/errors/error-body.ts'
import { eventTooLong } from '../decode/decoder.ts'
import type { Transcoder } from '../transcoder.ts'
import {
  EventSplitter,
  eventsOf,
  firstBorder,
  hasOneLine,
  readData,
  readError,
  withName,
} from './event-text.ts'
import { toEventText } from './other-form.ts'
import type { Passage } from './passage.ts'
import { BodyText, isDocument, notAnAnswer } from './passage.ts'
import { StreamTail } from './read-answer.ts'

/** The maximal length of one event in characters. */
const maxEventLength = 16 * 1024 * 1024

const streaming: AnswerStatus = { phase: 'streaming' }

/** Passes one stream through. */
export class PassedStream implements Transcoder {
  readonly #passage: Passage
  readonly #answer: AnswerWriter
  readonly #body: BodyText
  readonly #events = new EventSplitter()
  readonly #tail = new StreamTail()
  #status: AnswerStatus = { phase: 'pending' }
  /** Events before the first content, which are buffered until then. */
  #held = ''
  /** The body so far, where it is a document; undefined for events. */
  #document: string | undefined
  #isKnown = false
  /** Whether the host leaves out the names of events. */
  #isUnnamed = false
  /** The error that the upstream sent after content. */
  #failure: Failure | undefined
  #startUsage: unknown
  #characters = 0

  /**
   * Creates the stream. `answer` knows whether the client has received `message_start`, which must
   * not be sent twice.
   */
  constructor(passage: Passage, answer: AnswerWriter) {
    this.#passage = passage
    this.#answer = answer
    this.#body = new BodyText(passage)
  }

  get status(): AnswerStatus {
    return this.#status
  }

  delivered(): Delivered {
    const characters = this.#characters
    const { usage, countsContent } = this.#tail.read(this.#startUsage)
    return { usage, characters, countedCharacters: countsContent ? characters : 0 }
  }

  write(bytes: Uint8Array): string {
    return this.#read(this.#body.decode(bytes))
  }

  /**
   * Ends the stream. An incomplete event is not passed on, since it would merge with the next one.
   */
  end(): string {
    const text = this.#read(this.#body.decode())
    const rest = this.#document === undefined ? '' : this.#endDocument(this.#document)
    return text + rest + this.fail({ kind: 'upstream_truncated', provider: this.#passage.provider })
  }

  fail(failure: Failure): string {
    if (this.#status.phase !== 'streaming') {
      return this.#end(failure)
    }
    const { isComplete, stopReason } = this.#tail.read(this.#startUsage)
    if (this.#failure !== undefined) {
      this.#status = { phase: 'failed', failure: this.#failure, retriable: false }
      return ''
    }
    if (!isComplete) {
      return this.#end(failure)
    }
    this.#status = { phase: 'complete', stopReason }
    return ''
  }

  release(): string {
    const held = this.#held
    this.#held = ''
    if (held !== '') {
      this.#answer.markStarted()
    }
    return held
  }

  /** Decides by the first character whether the body holds events. */
  #read(text: string): string {
    if (!this.#isKnown) {
      const isText = isDocument(text)
      this.#isKnown = isText !== undefined
      this.#document = isText === true ? '' : undefined
    }
    if (this.#document === undefined) {
      return this.#take(text)
    }
    this.#document += text
    return this.#document.length > maxEventLength ? this.#invalid(eventTooLong) : ''
  }

  /** The host sent a message though events were asked for. */
  #endDocument(text: string): string {
    const events = toEventText(text)
    if (events !== undefined) {
      return this.#take(events)
    }
    const body = parseJson(text)
    return this.#end(
      isErrorBody(body) ? this.#passage.readError(body).failure : notAnAnswer(this.#passage),
    )
  }

  #take(text: string): string {
    const events = this.#events.take(text)
    const passed = this.#status.phase === 'pending' ? this.#takeHead(events) : this.#pass(events)
    const detail = this.#events.length > maxEventLength ? eventTooLong : this.#body.invalid
    if (detail === undefined) {
      return passed
    }
    return passed + this.#invalid(detail)
  }

  #invalid(detail: string): string {
    const { provider } = this.#passage
    return this.#end({ kind: 'upstream_invalid_response', provider, detail })
  }

  /** Fails the stream: with an error event after content, otherwise as a retriable failure. */
  #end(failure: Failure): string {
    const { phase } = this.#status
    if (phase === 'complete' || phase === 'failed') {
      return ''
    }
    const retriable = phase === 'pending'
    this.#status = { phase: 'failed', failure, retriable }
    if (retriable) {
      return ''
    }
    this.#answer.fail(failure)
    return this.#answer.takeText()
  }

  /** Buffers events before content, and releases them with the content. */
  #takeHead(events: string): string {
    let at = 0
    while (at < events.length) {
      const end = firstBorder(events, at)
      const event = events.slice(at, end)
      const data = readData(event)
      const error = readError(event, data)
      if (error !== undefined) {
        return this.#end(this.#passage.readError(error).failure)
      }
      this.#isUnnamed ||= withName(event, data) !== event
      const type = asString(data?.['type']) ?? 'ping'
      if (type !== 'ping' && type !== 'message_start') {
        this.#status = streaming
        return this.release() + this.#pass(events.slice(at))
      }
      this.#hold(event, data)
      at = end
    }
    return ''
  }

  #hold(received: string, data: JsonObject | undefined): void {
    const { hasStarted } = this.#answer
    const event = this.#isUnnamed ? withName(received, data) : received
    if (data?.['type'] === 'message_start') {
      this.#startUsage = asObject(data['message'])?.['usage']
      this.#held += hasStarted ? '' : rename(event, this.#passage)
    } else if (this.#held !== '' || hasStarted) {
      this.#held += event
    }
  }

  #pass(received: string): string {
    if (received === '') {
      return received
    }
    const isPlain = !this.#isUnnamed && !received.includes('error')
    const events = isPlain
      ? received
      : [...eventsOf(received)].map((event) => this.#passOne(event)).join('')
    this.#characters += countCharacters(events)
    this.#tail.add(events)
    return events
  }

  #passOne(event: string): string {
    if (!this.#isUnnamed && !event.includes('error')) {
      return event
    }
    const data = readData(event)
    const error = readError(event, data)
    if (error === undefined) {
      return this.#isUnnamed ? withName(event, data) : event
    }
    const { failure, isOriginal } = this.#passage.readError(error)
    this.#failure = failure
    if (!isOriginal) {
      return toErrorEvent(failure)
    }
    // What has been judged is the data: other lines, and where lines divide it, are not passed on.
    return hasOneLine(event) ? withName(event, data) : toEvent(data)
  }
}

/** The error event in place of one that must not be passed on. */
function toErrorEvent(failure: Failure): string {
  const { type, message } = toErrorReply(failure)
  return toEvent({ type: 'error', error: { type, message } })
}

function toEvent(error: unknown): string {
  return `event: error\ndata: ${JSON.stringify(error)}\n\n`
}

/** The approximate number of characters around the content of a delta event. */
const deltaFrame = 125

/** Counts the characters of content approximately, since deltas are not parsed. */
function countCharacters(events: string): number {
  let frames = 0
  let at = -1
  while ((at = events.indexOf('content_block_delta', at + 1)) !== -1) {
    frames += deltaFrame / 2
  }
  return Math.max(0, Math.round(events.length - frames))
}

/** Renames `message.model` in the data of `message_start`, and changes nothing else. */
function rename(event: string, { rename: renameMessage }: Passage): string {
  const at = event.indexOf('{', event.indexOf('"message":'))
  // The type may be before the message or after it.
  const end = objectEnd(event, at)
  const json = event.slice(at, end)
  const renamed =
    renameMessage === undefined || !isObject(parseJson(json)) ? undefined : renameMessage(json)
  return renamed === undefined ? event : event.slice(0, at) + renamed + event.slice(end)
}

/** The index after the closing brace of the JSON object that opens at `start`; strings are skipped. */
function objectEnd(text: string, start: number): number {
  const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}]/gs
  token.lastIndex = start
  let depth = 0
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    depth += match[0] === '{' ? 1 : match[0] === '}' ? -1 : 0
    if (depth === 0) {
      return token.lastIndex
    }
  }
  return text.length
}
