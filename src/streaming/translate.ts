/** A body in an upstream's protocol: decoder, then the dialect's reader, then the answer's writer. */
import type { AnswerStatus, Delivered } from '../anthropic/answer/answer-status.ts'
import type { AnswerWriter } from '../anthropic/answer/answer-writer.ts'
import type { Part } from '../anthropic/answer/part.ts'
import type { Failure } from '../anthropic/error.ts'
import { parseJson } from '../anthropic/json.ts'
import type { BoundDialect, ReadContext, StreamReader } from '../dialects/dialect.ts'
import { AwsEventStreamDecoder } from './decode/aws-event-stream.ts'
import type { Decoder, DecoderSink } from './decode/decoder.ts'
import { SseDecoder } from './decode/sse.ts'
import type { Transcoder } from './transcoder.ts'

/** How a body is read that must be translated. */
export interface Translation {
  kind: 'translated'
  /** The provider's name, for failures. */
  provider: string
  dialect: BoundDialect
  context: ReadContext
  /** Stop sequences that the upstream was not given. */
  enforceStops: readonly string[]
}

/** Translates one body. */
export class Translator implements Transcoder {
  readonly #translation: Translation
  readonly #answer: AnswerWriter
  readonly #toText: () => string
  readonly #decoder: Decoder
  /** Made for the first event: most non-streaming bodies have none. */
  #reader: StreamReader | undefined

  /** `answer` is written to; `toText` returns what is to be sent for the events that it has. */
  constructor(translation: Translation, answer: AnswerWriter, toText: () => string) {
    this.#translation = translation
    this.#answer = answer
    this.#toText = toText
    answer.restart(translation.enforceStops)
    const sink: DecoderSink = {
      onEvent: (event) => {
        if (!answer.isOver) {
          this.#write(() => this.#events().read(event))
        }
      },
      onDocument: (text) => this.#readDocument(text),
      onInvalid: (detail) => answer.write([this.#invalid(detail)]),
    }
    this.#decoder =
      translation.dialect.framing === 'sse' ? new SseDecoder(sink) : new AwsEventStreamDecoder(sink)
  }

  get status(): AnswerStatus {
    return this.#answer.status
  }

  delivered(): Delivered {
    return this.#answer.delivered()
  }

  release(): string {
    return ''
  }

  write(bytes: Uint8Array): string {
    this.#decoder.write(bytes)
    return this.#toText()
  }

  end(): string {
    this.#decoder.end()
    if (!this.#answer.isOver) {
      this.#write(() => this.#events().end())
    }
    const { provider } = this.#translation
    this.#answer.write([{ type: 'failure', failure: { kind: 'upstream_truncated', provider } }])
    return this.#toText()
  }

  fail(failure: Failure): string {
    const parts = readShallow(() => this.#events().end()) ?? []
    const isComplete = parts.some(({ type }) => type === 'stop')
    this.#answer.write(isComplete ? parts : [{ type: 'failure', failure }])
    return this.#toText()
  }

  #events(): StreamReader {
    const { dialect, context } = this.#translation
    this.#reader ??= dialect.createReader(context)
    return this.#reader
  }

  #readDocument(text: string): void {
    const { dialect, context } = this.#translation
    const body = parseJson(text)
    this.#write(() =>
      body === undefined
        ? [this.#invalid('neither an event stream nor JSON')]
        : dialect.readReply(body, context),
    )
  }

  #write(read: () => readonly Part[]): void {
    this.#answer.write(readShallow(read) ?? [this.#invalid('nested too deeply')])
  }

  #invalid(detail: string): Part {
    const { provider } = this.#translation
    return { type: 'failure', failure: { kind: 'upstream_invalid_response', provider, detail } }
  }
}

/**
 * What `read` returns; undefined where the JSON is nested more deeply than code that walks it can go,
 * for which its sender is to blame.
 */
function readShallow(read: () => readonly Part[]): readonly Part[] | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) {
      return undefined
    }
    throw error
  }
}
