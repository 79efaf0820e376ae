/** A non-streaming message that is passed through: its text as it came, its model renamed. */
import type { AnswerStatus, Delivered } from '../../anthropic/answer/answer-status.ts'
import { nothingDelivered } from '../../anthropic/answer/answer-status.ts'
import type { Failure } from '../../anthropic/error.ts'
import { asObject, parseJson } from '../../anthropic/json.ts'
import type { Transcoder } from '../transcoder.ts'
import { readStopReason, readUsage } from './read-answer.ts'
import type { Passage } from './stream.ts'

/** Passes one message through, once it is complete. */
export class PassedMessage implements Transcoder {
  readonly #passage: Passage
  readonly #decoder = new TextDecoder()
  #text = ''
  #status: AnswerStatus = { phase: 'pending' }
  #delivered: Delivered = nothingDelivered

  constructor(passage: Passage) {
    this.#passage = passage
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
    this.#text += this.#decoder.decode(bytes, { stream: true })
    return ''
  }

  end(): string {
    const text = this.#text + this.#decoder.decode()
    const { provider, rename } = this.#passage
    const message = asObject(parseJson(text))
    if (message === undefined) {
      const detail = 'a message that is no JSON'
      return this.fail({ kind: 'upstream_invalid_response', provider, detail })
    }
    this.#status = { phase: 'complete', stopReason: readStopReason(message['stop_reason']) }
    this.#delivered = { usage: readUsage(message['usage']), characters: text.length }
    return rename?.(text) ?? text
  }

  fail(failure: Failure): string {
    this.#status = { phase: 'failed', failure, retriable: true }
    return ''
  }
}
