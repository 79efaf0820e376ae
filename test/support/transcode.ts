/** Transcodes bodies as the gateway does, for tests that have them whole. */
import type { AnswerOptions } from '../../src/anthropic/answer/answer-progress.ts'
import { AnswerWriter } from '../../src/anthropic/answer/answer-writer.ts'
import type { StreamEvent } from '../../src/anthropic/answer/wire/message.ts'
import type { Failure } from '../../src/anthropic/error.ts'
import type { ResponseFormat } from '../../src/streaming/response-format.ts'
import { createResponseFormat } from '../../src/streaming/response-format.ts'
import type { Transcoder } from '../../src/streaming/transcoder.ts'
import type { Translation } from '../../src/streaming/translate.ts'
import { Translator } from '../../src/streaming/translate.ts'

export interface TranslationOptions
  extends
    Omit<AnswerOptions, 'isFolded'>,
    Omit<Translation, 'kind' | 'firstStage' | 'endStage'>,
    Partial<Pick<Translation, 'firstStage' | 'endStage'>> {}

/** A translated stream. */
export function createTranslator(options: TranslationOptions) {
  const format = createResponseFormat('events', options)
  const transcoder = format.transcode({
    kind: 'translated',
    firstStage: undefined,
    endStage: undefined,
    ...options,
  })
  return {
    write: (bytes: Uint8Array) => transcoder.write(bytes),
    /** The rest of the text; a failure that another upstream might have answered instead is sent. */
    end: (): string => endForGood(format, transcoder),
  }
}

function endForGood(format: ResponseFormat, transcoder: Transcoder): string {
  const text = transcoder.end()
  const { status } = transcoder
  return status.phase === 'failed' && status.retriable ? text + format.fail(status.failure) : text
}

/** The events of a whole body, and why it failed. */
export function translateBody(
  bytes: Uint8Array,
  options: TranslationOptions,
): { events: StreamEvent[]; failure: Failure | undefined } {
  const answer = new AnswerWriter({ ...options, isFolded: false })
  const transcoder = new Translator(
    { kind: 'translated', firstStage: undefined, endStage: undefined, ...options },
    answer,
    () => '',
  )
  transcoder.write(bytes)
  transcoder.end()
  const { status } = transcoder
  return {
    events: answer.takeEvents(),
    failure: status.phase === 'failed' ? status.failure : undefined,
  }
}
