/**
 * A stream that is passed through: whole events, as they came. Read are only the first ones, up to the
 * first content (until then another upstream may answer), and the last ones, which tell how it ended and
 * what it cost.
 *
 *   pending ──first event of content──▶ streaming ──end──▶ complete, failed
 */
import type { AnswerStatus, Delivered } from '../../anthropic/answer/answer-status.ts'
import type { AnswerWriter } from '../../anthropic/answer/answer-writer.ts'
import { encodeEvents } from '../../anthropic/answer/encode.ts'
import type { TokenUsage } from '../../anthropic/answer/part.ts'
import type { Failure } from '../../anthropic/error.ts'
import { toErrorReply } from '../../anthropic/error.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, asString, isObject, parseJson } from '../../anthropic/json.ts'
import type { UpstreamEvent } from '../../dialects/dialect.ts'
import { redact } from '../../dialects/shared/errors/redact.ts'
import { AwsEventStreamDecoder } from '../decode/aws-event-stream.ts'
import { eventTooLong } from '../decode/decoder.ts'
import type { Transcoder } from '../transcoder.ts'
import { WholeEvents, eventsOf, firstBorder, readData } from './event-text.ts'
import { StreamTail, readFailure, readUsage } from './read-answer.ts'

/** How a body is read that is passed through. */
export interface Passage {
  kind: 'passed'
  /** The provider's name, for failures. */
  provider: string
  /**
   * Gives a message as JSON another model name; undefined where there is none to change. Absent where
   * the client's name for the model is the upstream's.
   */
  rename?: (json: string) => string | undefined
  /** Where a stream comes in AWS's event stream: the server-sent events for one of its messages, or `''`. */
  fromFrame?: (event: UpstreamEvent) => string
}

/** Characters that one event may have. */
const maxEventLength = 16 * 1024 * 1024

const streaming: AnswerStatus = { phase: 'streaming' }

/** Passes one stream through. */
export class PassedStream implements Transcoder {
  readonly #passage: Passage
  readonly #answer: AnswerWriter
  readonly #decode: (bytes?: Uint8Array) => string
  readonly #events = new WholeEvents()
  readonly #tail = new StreamTail()
  #status: AnswerStatus = { phase: 'pending' }
  /** Events before content, which are not sent until there is some. */
  #held = ''
  /** Why the frames that the events come in cannot be read. */
  #invalid: string | undefined
  #startUsage: unknown
  #usage: TokenUsage | undefined
  #characters = 0

  /** `answer` knows whether the client has got a `message_start`, which it must not get twice. */
  constructor(passage: Passage, answer: AnswerWriter) {
    const { fromFrame } = passage
    this.#passage = passage
    this.#answer = answer
    this.#decode = fromFrame === undefined ? createTextDecode() : this.#createFrameDecode(fromFrame)
  }

  get status(): AnswerStatus {
    return this.#status
  }

  delivered(): Delivered {
    return { usage: this.#usage, characters: this.#characters }
  }

  write(bytes: Uint8Array): string {
    return this.#take(this.#decode(bytes))
  }

  /** An event without its end is not passed on: it would run into what is sent next. */
  end(): string {
    const text = this.#take(this.#decode())
    return text + this.fail({ kind: 'upstream_truncated', provider: this.#passage.provider })
  }

  fail(failure: Failure): string {
    if (this.#status.phase !== 'streaming') {
      return this.#end(failure)
    }
    const { outcome, usage, stopReason } = this.#tail.read(this.#startUsage, this.#passage.provider)
    this.#usage = usage
    if (outcome === undefined) {
      return this.#end(failure)
    }
    this.#status =
      outcome === 'complete'
        ? { phase: 'complete', stopReason }
        : { phase: 'failed', failure: outcome.failure, retriable: false }
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

  #take(text: string): string {
    const events = this.#events.take(text)
    const passed = this.#status.phase === 'pending' ? this.#takeHead(events) : this.#pass(events)
    const detail = this.#events.length > maxEventLength ? eventTooLong : this.#invalid
    if (detail === undefined) {
      return passed
    }
    const { provider } = this.#passage
    return passed + this.#end({ kind: 'upstream_invalid_response', provider, detail })
  }

  /** Fails: with an error event where there was content, for another upstream otherwise. */
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
    return encodeEvents(this.#answer.takeEvents())
  }

  /** Withholds what comes before content, and releases it with the content. */
  #takeHead(events: string): string {
    let at = 0
    while (at < events.length) {
      const end = firstBorder(events, at)
      const event = events.slice(at, end)
      const data = readData(event)
      const type = asString(data?.['type']) ?? 'ping'
      if (type === 'error') {
        return this.#end(readFailure(this.#passage.provider, data))
      }
      if (type !== 'ping' && type !== 'message_start') {
        this.#status = streaming
        return this.release() + this.#pass(events.slice(at))
      }
      this.#hold(event, data)
      at = end
    }
    return ''
  }

  #hold(event: string, data: JsonObject | undefined): void {
    const { hasStarted } = this.#answer
    if (data?.['type'] === 'message_start') {
      this.#startUsage = asObject(data['message'])?.['usage']
      this.#usage = readUsage(this.#startUsage)
      this.#held += hasStarted ? '' : rename(event, this.#passage)
    } else if (this.#held !== '' || hasStarted) {
      this.#held += event
    }
  }

  #pass(events: string): string {
    if (events === '') {
      return events
    }
    this.#characters += countCharacters(events)
    this.#tail.add(events)
    return events.includes('error') ? this.#withoutSecrets(events) : events
  }

  /** Writes error events anew that contain a secret. */
  #withoutSecrets(events: string): string {
    let text = ''
    for (const event of eventsOf(events)) {
      const data = event.includes('error') ? readData(event) : undefined
      const isSecret = data?.['type'] === 'error' && redact(event) !== event
      text += isSecret ? toErrorEvent(readFailure(this.#passage.provider, data)) : event
    }
    return text
  }

  #createFrameDecode(fromFrame: (event: UpstreamEvent) => string): (bytes?: Uint8Array) => string {
    let text = ''
    const decoder = new AwsEventStreamDecoder({
      onEvent: (event) => {
        text += fromFrame(event)
      },
      onDocument: () => {
        this.#invalid = 'no event stream'
      },
      onInvalid: (detail) => {
        this.#invalid = detail
      },
    })
    return (bytes) => {
      text = ''
      if (bytes === undefined) {
        decoder.end()
      } else {
        decoder.write(bytes)
      }
      return text
    }
  }
}

function createTextDecode(): (bytes?: Uint8Array) => string {
  const decoder = new TextDecoder()
  return (bytes) => decoder.decode(bytes, { stream: bytes !== undefined })
}

/** An error event in place of one that must not be passed on. */
function toErrorEvent(failure: Failure): string {
  const { type, message } = toErrorReply(failure)
  return `event: error\ndata: ${JSON.stringify({ type: 'error', error: { type, message } })}\n\n`
}

/** Characters of an event of content that are not the model's, about. */
const deltaFrame = 125

/** Counts characters of content, about: deltas are not read. */
function countCharacters(events: string): number {
  let frames = 0
  let at = -1
  while ((at = events.indexOf('content_block_delta', at + 1)) !== -1) {
    frames += deltaFrame / 2
  }
  return Math.max(0, Math.round(events.length - frames))
}

/** Renames `message.model` in the data of `message_start`; the rest stays as it is. */
function rename(event: string, { rename: renameMessage }: Passage): string {
  const at = event.indexOf('{', event.indexOf('"message":'))
  // The type may stand before the message or after it.
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
