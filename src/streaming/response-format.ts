/**
 * The two formats of an answer, for any upstream. Before any content was sent, another upstream's
 * body may be transcoded in place of a failed one.
 */
import type { AnswerOptions } from '../anthropic/answer/answer-progress.ts'
import { AnswerWriter, encodeEvents } from '../anthropic/answer/answer-writer.ts'
import { MessageFold } from '../anthropic/answer/fold.ts'
import { toErrorBody, toErrorReply } from '../anthropic/error-reply.ts'
import type { Failure } from '../anthropic/error.ts'
import type { Transcoder } from './transcoder.ts'
import type { Translation } from './translate.ts'
import { Translator } from './translate.ts'

/** How a body is read that is passed through: see pass-through/reading.ts. */
export interface PassThroughReading {
  kind: 'passed'
  /** The provider's name, for failures. */
  provider: string
  /** `answer` knows whether the client has got a `message_start`. */
  toEvents: (answer: AnswerWriter) => Transcoder
  toMessage: () => Transcoder
}

/** How an upstream's body is read. */
export type Reading = Translation | PassThroughReading

/** The format of an answer. `events`: server-sent events. `message`: one JSON body, at the end. */
export type Form = 'events' | 'message'

/** The format of an answer to the client: a stream of events, or one JSON message. */
export interface ResponseFormat {
  readonly form: Form
  /** Text that keeps an open response alive. */
  readonly ping: string
  /** Transcodes an upstream's body. Throws if the client has received content of another. */
  transcode: (reading: Reading) => Transcoder
  /**
   * Returns the text that opens the response before content, or `''`. `released`: what the upstream
   * sent before content.
   */
  open: (released: string) => string
  /** Returns the error that ends the response. */
  fail: (failure: Failure) => string
}

/** The options of a message in either format. */
export type MessageOptions = Omit<AnswerOptions, 'isFolded'>

/** A ping event, sent during silence so that no client times out. */
export const pingText = encodeEvents([{ type: 'ping' }])

/** Creates the format of one response. */
export function createResponseFormat(form: Form, options: MessageOptions): ResponseFormat {
  return form === 'events' ? new EventsFormat(options) : new MessageFormat(options)
}

class EventsFormat implements ResponseFormat {
  readonly form = 'events'
  readonly ping = pingText
  readonly #answer: AnswerWriter

  constructor(options: MessageOptions) {
    this.#answer = new AnswerWriter({ ...options, isFolded: false })
  }

  transcode(reading: Reading): Transcoder {
    return reading.kind === 'passed'
      ? reading.toEvents(this.#answer)
      : new Translator(reading, this.#answer, this.#answer.takeText)
  }

  open(released: string): string {
    if (released !== '') {
      return released
    }
    this.#answer.start()
    return this.#answer.takeText()
  }

  fail(failure: Failure): string {
    this.#answer.fail(failure)
    return this.#answer.takeText()
  }
}

/** Nothing is sent before the message is complete, so that every failure is retriable. */
class MessageFormat implements ResponseFormat {
  readonly form = 'message'
  readonly ping = ' '
  readonly #options: MessageOptions
  #answer: AnswerWriter | undefined

  constructor(options: MessageOptions) {
    this.#options = options
  }

  transcode(reading: Reading): Transcoder {
    this.#answer = undefined
    if (reading.kind === 'passed') {
      return reading.toMessage()
    }
    const answer = new AnswerWriter({ ...this.#options, isFolded: true })
    const fold = new MessageFold()
    this.#answer = answer
    return new Translator(reading, answer, () => {
      fold.add(answer.takeEvents())
      return answer.status.phase === 'complete' ? fold.toJson() : ''
    })
  }

  /**
   * Returns `''`: whitespace may precede the JSON, but only once an upstream has accepted the
   * request.
   */
  open(): string {
    return this.#answer?.hasStarted === true ? ' ' : ''
  }

  fail(failure: Failure): string {
    return JSON.stringify(toErrorBody(toErrorReply(failure), this.#options.requestId))
  }
}
