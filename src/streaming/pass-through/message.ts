/** A non-streaming message that is passed through as received, with its model renamed. */
import type { AnswerStatus, Delivered } from '../../anthropic/answer/answer-status.ts'
import { nothingDelivered } from '../../anthropic/answer/answer-status.ts'
import type { Failure } from '../../anthropic/error.ts'
import { asObject, parseJson } from '../../anthropic/json.ts'
import { isErrorBody } from '../../dialects/shared/errors/error-body.ts'
import type { Transcoder } from '../transcoder.ts'
import { eventsOf, readData, readError } from './event-text.ts'
import { foldEventText } from './other-form.ts'
import type { Passage } from './passage.ts'
import { BodyText, isDocument, notAnAnswer } from './passage.ts'
import { readStopReason } from './read-answer.ts'
import { readUsage } from './read-usage.ts'

/** Passes one message through, once it is complete. */
export class PassedMessage implements Transcoder {
  readonly #passage: Passage
  readonly #body: BodyText
  #text = ''
  #status: AnswerStatus = { phase: 'pending' }
  #delivered: Delivered = nothingDelivered

  constructor(passage: Passage) {
    this.#passage = passage
    this.#body = new BodyText(passage)
  }

  get status(): AnswerStatus {
    return this.#status
  }

  delivered(): Delivered {
    return this.#delivered
  }

  release(): string {
    return ''
  }

  write(bytes: Uint8Array): string {
    this.#text += this.#body.decode(bytes)
    return ''
  }

  end(): string {
    const text = this.#text + this.#body.decode()
    return isDocument(text) === false ? this.#endEvents(text) : this.#endMessage(text)
  }

  fail(failure: Failure): string {
    this.#status = { phase: 'failed', failure, retriable: true }
    return ''
  }

  #endMessage(text: string): string {
    const message = asObject(parseJson(text))
    if (message === undefined) {
      return this.fail(notAnAnswer(this.#passage))
    }
    if (isErrorBody(message)) {
      return this.fail(this.#passage.readError(message).failure)
    }
    this.#status = { phase: 'complete', stopReason: readStopReason(message['stop_reason']) }
    this.#delivered = {
      usage: readUsage(message['usage']),
      characters: text.length,
      countedCharacters: text.length,
    }
    return this.#passage.rename?.(text) ?? text
  }

  /** The host sent events that were not requested. */
  #endEvents(text: string): string {
    for (const event of eventsOf(text)) {
      const error = event.includes('error') ? readError(event, readData(event)) : undefined
      if (error !== undefined) {
        return this.fail(this.#passage.readError(error).failure)
      }
    }
    const message = foldEventText(text)
    return message === undefined
      ? this.fail({ kind: 'upstream_truncated', provider: this.#passage.provider })
      : this.#endMessage(message)
  }
}
