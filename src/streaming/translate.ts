/**
 * Translates a body in an upstream's protocol: by a decoder, the dialect's reader, and the answer
 * writer.
 */
import type { AnswerStatus, Delivered, PartSink } from '../anthropic/answer/answer-status.ts'
import type { EndStage, PartStage } from '../anthropic/answer/part-stage.ts'
import type { Part } from '../anthropic/answer/part.ts'
import { StopSequenceFilter } from '../anthropic/answer/stop-sequences.ts'
import type { Failure } from '../anthropic/error.ts'
import { parseExact } from '../anthropic/exact-json.ts'
import type { BoundDialect, ReadContext, StreamReader } from '../dialects/dialect.ts'
import type { Decoder } from './decode/decoder.ts'
import type { CreateDecoder } from './decode/load-decoder.ts'
import type { Transcoder } from './transcoder.ts'

/** How a body that is translated is read. */
export interface Translation {
  kind: 'translated'
  /** The provider's name, for failures. */
  provider: string
  dialect: BoundDialect
  /** The decoder for the dialect's framing. */
  createDecoder: CreateDecoder
  context: ReadContext
  /** Stop sequences that the gateway enforces. */
  enforceStops: readonly string[]
  /** What parts go through first; undefined where there is no such stage. */
  firstStage: PartStage | undefined
  /** What the end of the answer waits for; undefined where it waits for nothing. */
  endStage: EndStage | undefined
}

const held: AnswerStatus = { phase: 'held' }

/** Translates one body. */
export class Translator implements Transcoder {
  readonly #translation: Translation
  readonly #answer: PartSink
  readonly #toText: () => string
  readonly #decoder: Decoder
  /** What parts go through before they are written, in that order. */
  readonly #stages: readonly PartStage[]
  /** Created for the first event, since non-streaming bodies have none. */
  #reader: StreamReader | undefined

  /**
   * Creates a translator that writes to `answer`; `toText` encodes the events that are to be sent.
   */
  constructor(translation: Translation, answer: PartSink, toText: () => string) {
    this.#translation = translation
    this.#answer = answer
    this.#toText = toText
    this.#stages = toStages(translation)
    answer.restart()
    this.#decoder = translation.createDecoder({
      onEvent: (event) => {
        if (!this.#isOver) {
          this.#write(() => this.#events().read(event))
        }
      },
      onDocument: (text) => this.#readDocument(text),
      onInvalid: (detail) => this.#writeParts([this.#invalid(detail)]),
    })
  }

  get status(): AnswerStatus {
    return this.#isHeld ? held : this.#answer.status
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
    if (!this.#isOver) {
      this.#write(() => this.#events().end())
    }
    if (!this.#isOver) {
      const { provider } = this.#translation
      this.#writeParts([{ type: 'failure', failure: { kind: 'upstream_truncated', provider } }])
    }
    return this.#toText()
  }

  async finish(): Promise<string> {
    this.#answer.write((await this.#translation.endStage?.finish()) ?? [])
    return this.#toText()
  }

  fail(failure: Failure): string {
    const parts = readShallow(() => this.#events().end(true)) ?? []
    const isComplete = parts.some(({ type }) => type === 'stop')
    this.#writeParts(isComplete ? parts : [{ type: 'failure', failure }])
    return this.#toText()
  }

  get #isHeld(): boolean {
    return this.#translation.endStage?.isHolding === true && !this.#answer.isOver
  }

  /** Whether nothing more is wanted of the body. */
  get #isOver(): boolean {
    return this.#answer.isOver || this.#isHeld
  }

  #events(): StreamReader {
    const { dialect, context } = this.#translation
    this.#reader ??= dialect.createReader(context)
    return this.#reader
  }

  #readDocument(text: string): void {
    const { dialect, context } = this.#translation
    const body = parseExact(text)
    this.#write(() =>
      body === undefined
        ? [this.#invalid('neither an event stream nor JSON')]
        : dialect.readReply(body, context),
    )
  }

  #write(read: () => readonly Part[]): void {
    this.#writeParts(readShallow(read) ?? [this.#invalid('nested too deeply')])
  }

  #writeParts(parts: readonly Part[]): void {
    let remaining = parts
    for (const stage of this.#stages) {
      remaining = stage.write(remaining)
    }
    this.#answer.write(remaining)
  }

  #invalid(detail: string): Part {
    const { provider } = this.#translation
    return { type: 'failure', failure: { kind: 'upstream_invalid_response', provider, detail } }
  }
}

function toStages({ firstStage, enforceStops, endStage }: Translation): PartStage[] {
  return [
    ...(firstStage === undefined ? [] : [firstStage]),
    ...(enforceStops.length === 0 ? [] : [new StopSequenceFilter(enforceStops)]),
    ...(endStage === undefined ? [] : [endStage]),
  ]
}

/**
 * Returns the result of `read`; undefined on a stack overflow, which deeply nested JSON of the
 * upstream causes.
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
