/**
 * Decodes server-sent events, and a JSON body that an upstream sends instead of a stream, or the
 * reverse. Independent of stream APIs.
 */
import type { EventSourceParser } from 'eventsource-parser'
import { createParser } from 'eventsource-parser'

import type { Decoder, DecoderSink } from './decoder.ts'
import { eventTooLong } from './decoder.ts'

/** The maximal length of an event in characters; enough for an image in one event. */
const maxEventLength = 16 * 1024 * 1024

/** Decodes one body. */
export class SseDecoder implements Decoder {
  readonly #sink: DecoderSink
  readonly #decoder = new TextDecoder()
  #kind: 'unknown' | 'events' | 'document' | 'invalid' = 'unknown'
  /** The incomplete line, or the document so far. */
  #rest = ''
  /** Created for the first line, since a document has none. */
  #parser: EventSourceParser | undefined

  constructor(sink: DecoderSink) {
    this.#sink = sink
  }

  write(bytes: Uint8Array): void {
    this.#take(this.#decoder.decode(bytes, { stream: true }))
  }

  end(): void {
    this.#take(this.#decoder.decode())
    if (this.#kind === 'events') {
      // A last event without its blank line still counts.
      this.#parse(`${this.#rest}\n\n`)
    } else if (this.#rest.trim() !== '') {
      this.#sink.onDocument(this.#rest)
    }
  }

  #take(piece: string): void {
    let text = piece
    if (this.#kind === 'unknown') {
      // Whitespace decides nothing yet, and must not accumulate.
      text = text.trimStart()
      this.#kind = kindOf(text)
    }
    if (this.#kind === 'events') {
      this.#takeLines(text)
    } else if (this.#kind !== 'invalid') {
      this.#rest += text
    }
    if (this.#rest.length > maxEventLength) {
      this.#overflow()
    }
  }

  /**
   * Gives complete lines to the parser, since it discards an incomplete line that cannot be a
   * field.
   */
  #takeLines(text: string): void {
    const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1
    if (end === 0) {
      this.#rest += text
      return
    }
    const lines = this.#rest + text.slice(0, end)
    this.#rest = ''
    this.#parse(lines)
    this.#rest = text.slice(end)
  }

  #parse(lines: string): void {
    this.#parser ??= createEventParser(this.#sink, () => this.#overflow())
    this.#parser.feed(lines)
  }

  #overflow(): void {
    this.#kind = 'invalid'
    this.#rest = ''
    this.#sink.onInvalid(eventTooLong)
  }
}

function createEventParser(sink: DecoderSink, onOverflow: () => void): EventSourceParser {
  return createParser({
    maxBufferSize: maxEventLength,
    onEvent: (event) => {
      // Some servers send a keep-alive in a data line (`data: : keepalive`).
      if (event.data !== '' && !event.data.startsWith(':')) {
        sink.onEvent(event)
      }
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') {
        onOverflow()
      } else if (error.type === 'unknown-field' && error.field === 'error') {
        // llama.cpp sends a failure within a stream in a field of its own: `error: {…}`.
        sink.onEvent({ event: 'error', data: error.value ?? '' })
      }
    },
  })
}

/**
 * Decides by the first character: JSON and HTML begin with a bracket, which no event field does.
 */
function kindOf(text: string): 'unknown' | 'events' | 'document' {
  if (text === '') {
    return 'unknown'
  }
  return '{[<"'.includes(text.charAt(0)) ? 'document' : 'events'
}
