/** Reading a body as the gateway does, for tests that have it whole. */
import { createAnswer } from '../../src/anthropic/answer/answer.ts'
import type { AnswerOptions } from '../../src/anthropic/answer/answer.ts'
import type { StreamEvent } from '../../src/anthropic/answer/message.ts'
import { createBodyReader } from '../../src/streaming/body-reader.ts'
import type { Translation } from '../../src/streaming/body-reader.ts'
import { createReencoder as create } from '../../src/streaming/reencoder.ts'

export interface ReencoderOptions extends AnswerOptions, Omit<Translation, 'kind'> {}

/** The text of a stream; a failure that another upstream might have mended is told. */
export function createReencoder(options: ReencoderOptions) {
  const reencoder = create(options, 'events')
  reencoder.attach({ kind: 'translated', ...options })
  return {
    feed: reencoder.feed,
    finish(): string {
      const text = reencoder.finish()
      const { lost } = reencoder.outcome()
      return lost === undefined ? text : text + reencoder.fail(lost)
    },
  }
}

/** The events of a whole answer, the last one `message_stop` or `error`. */
export function readWhole(bytes: Uint8Array, options: ReencoderOptions) {
  const answer = createAnswer(options)
  const reader = createBodyReader(options, answer)
  reader.feed(bytes)
  reader.finish()
  const events: StreamEvent[] = answer.takeEvents()
  return { events, answer }
}
