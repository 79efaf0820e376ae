/**
 * Decodes server-sent events, and what upstreams send instead: an answer in one JSON body though a
 * stream was asked for, or the reverse. Knows no stream API.
 */
import type { EventSourceParser } from 'eventsource-parser'
import { createParser } from 'eventsource-parser'

import type { Decoder, DecoderSink } from './decoder.ts'
import { eventTooLong } from './decoder.ts'

/** Characters; a whole image in one event fits. */
const maxEventLength = 16 * 1024 * 1024

/** A decoder for one body. */
export class SseDecoder implements Decoder {
  readonly #sink: DecoderSink
  readonly #decoder = new TextDecoder()
  #kind: 'unknown' | 'events' | 'document' | 'invalid' = 'unknown'
  /** The unfinished line of events, or the document so far. */
  #rest = ''
  /** Made for the first line: a document has none. */
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
      // White space decides nothing yet, and must not pile up.
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

  /** The parser discards an unfinished line that can be no field, so it gets whole lines only. */
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
      // Some servers put a keep-alive into a data line (`data: : keepalive`).
      if (event.data !== '' && !event.data.startsWith(':')) {
        sink.onEvent(event)
      }
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') {
        onOverflow()
      } else if (error.type === 'unknown-field' && error.field === 'error') {
        // llama.cpp sends a failure in mid-stream as a field of its own: `error: {…}`.
        sink.onEvent({ event: 'error', data: error.value ?? '' })
      }
    },
  })
}

/** Decides by the first character: JSON and pages begin with a bracket, which no field of an event does. */
function kindOf(text: string): 'unknown' | 'events' | 'document' {
  if (text === '') {
    return 'unknown'
  }
  return '{[<"'.includes(text.charAt(0)) ? 'document' : 'events'
}
