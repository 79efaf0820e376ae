/** The form of an answer that several model calls write, or one that passes through. */
import { AnswerWriter, encodeEvents } from '../../anthropic/answer/answer-writer.ts'
import { MessageFold } from '../../anthropic/answer/fold.ts'
import type { AnswerBlock } from '../../anthropic/answer/wire/message.ts'
import { toErrorBody, toErrorReply } from '../../anthropic/error-reply.ts'
import type { Failure } from '../../anthropic/error.ts'
import type {
  Form,
  MessageOptions,
  Reading,
  ResponseFormat,
} from '../../streaming/response-format.ts'
import { pingText } from '../../streaming/response-format.ts'
import type { Transcoder } from '../../streaming/transcoder.ts'
import { Translator } from '../../streaming/translate.ts'
import type { TurnAnswerOptions } from './turn-answer.ts'
import { TurnAnswer } from './turn-answer.ts'

/** The response format of a turn. */
export class TurnFormat implements ResponseFormat {
  readonly form: Form
  readonly ping: string
  readonly answer: TurnAnswer
  readonly #writer: AnswerWriter
  readonly #requestId: string
  /** All that the client received, in either form: the next model call needs it. */
  readonly #fold = new MessageFold()

  constructor(
    form: Form,
    message: MessageOptions,
    options: Omit<TurnAnswerOptions, 'writer' | 'isFolded' | 'maxTokens'>,
  ) {
    const isFolded = form === 'message'
    this.form = form
    this.ping = isFolded ? ' ' : pingText
    this.#requestId = message.requestId
    this.#writer = new AnswerWriter({ ...message, isFolded })
    const { maxTokens } = message
    this.answer = new TurnAnswer({ ...options, maxTokens, writer: this.#writer, isFolded })
  }

  transcode(reading: Reading): Transcoder {
    if (reading.kind === 'passed') {
      return this.form === 'message' ? reading.toMessage() : reading.toEvents(this.#writer)
    }
    return new Translator(reading, this.answer, () => this.take())
  }

  open(released: string): string {
    if (this.form === 'message') {
      return this.#writer.hasStarted ? ' ' : ''
    }
    if (released !== '') {
      return released
    }
    this.#writer.start()
    return this.take()
  }

  fail(failure: Failure): string {
    if (this.form === 'message') {
      return JSON.stringify(toErrorBody(toErrorReply(failure), this.#requestId))
    }
    this.#writer.fail(failure)
    return this.take()
  }

  /** Returns the text that is to be sent for what was written since the last call. */
  take(): string {
    const events = this.#writer.takeEvents()
    this.#fold.add(events)
    if (this.form === 'events') {
      return encodeEvents(events)
    }
    return this.#writer.status.phase === 'complete' ? this.#fold.toJson() : ''
  }

  /** The blocks that the client received. */
  content(): readonly AnswerBlock[] {
    return this.#fold.content()
  }
}
