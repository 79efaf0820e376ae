/**
 * Decodes AWS's binary event stream (https://smithy.io/2.0/aws/amazon-eventstream.html):
 * length-prefixed messages with headers and checksums, which are verified. Independent of stream
 * APIs.
 */
import { EventStreamCodec } from '@smithy/core/event-streams'

import { asObject, parseJson } from '../../anthropic/json.ts'
import type { UpstreamEvent } from '../../dialects/dialect.ts'
import type { Decoder, DecoderSink } from './decoder.ts'
import { eventTooLong } from './decoder.ts'

/** The maximal length of one message in bytes, above AWS's own limit. */
const maxBytes = 32 * 1024 * 1024
/** The length of the prelude: total length, headers' length, and a checksum. */
const preludeBytes = 12

const decoder = new TextDecoder()
const encoder = new TextEncoder()
const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : decoder.decode(bytes)),
  (text) => encoder.encode(text),
)

/** Decodes one body. A JSON response to a request for a stream is a document. */
export class AwsEventStreamDecoder implements Decoder {
  readonly #sink: DecoderSink
  #kind: 'unknown' | 'messages' | 'document' | 'invalid' = 'unknown'
  /** The incomplete message, or the document so far, in the first `#length` bytes. */
  #buffer = new Uint8Array()
  #length = 0

  constructor(sink: DecoderSink) {
    this.#sink = sink
  }

  write(bytes: Uint8Array): void {
    const [first] = bytes
    if (this.#kind === 'invalid' || first === undefined) {
      return
    }
    if (this.#kind === 'unknown') {
      // No message is so long that the first byte of its length is a letter or a bracket.
      this.#kind = first < 0x09 ? 'messages' : 'document'
    }
    this.#append(bytes)
    if (this.#kind === 'messages') {
      this.#takeMessages()
    }
    if (this.#length > maxBytes) {
      this.#invalidate(eventTooLong)
    }
  }

  /** Ends the body. Nothing is emitted for a truncated message, which the reader reports. */
  end(): void {
    if (this.#kind === 'document') {
      this.#sink.onDocument(decoder.decode(this.#buffer.subarray(0, this.#length)))
    }
  }

  /**
   * Appends bytes to the buffer, whose size doubles, so that a long message is not copied for every
   * read.
   */
  #append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#buffer.length))
      larger.set(this.#buffer.subarray(0, this.#length))
      this.#buffer = larger
    }
    this.#buffer.set(bytes, this.#length)
    this.#length = length
  }

  #takeMessages(): void {
    let at = 0
    for (;;) {
      const message = firstMessage(this.#buffer.subarray(at, this.#length))
      if (message === 'unfinished') {
        this.#buffer.copyWithin(0, at, this.#length)
        this.#length -= at
        return
      }
      if (message === 'damaged') {
        this.#invalidate('a damaged message')
        return
      }
      at += message.length
      this.#sink.onEvent(message.event)
    }
  }

  #invalidate(detail: string): void {
    this.#kind = 'invalid'
    this.#buffer = new Uint8Array()
    this.#length = 0
    this.#sink.onInvalid(detail)
  }
}

/** The first message in the buffer, if it is complete. */
function firstMessage(
  bytes: Uint8Array,
): { length: number; event: UpstreamEvent } | 'unfinished' | 'damaged' {
  if (bytes.length < preludeBytes) {
    return 'unfinished'
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  if (bytes.length < length) {
    return 'unfinished'
  }
  const event = decode(bytes.subarray(0, length))
  return event === undefined ? 'damaged' : { length, event }
}

/**
 * Decodes one message; undefined if it is damaged. An exception becomes an `error` event with the
 * exception's name as `__type` next to its message.
 */
function decode(bytes: Uint8Array): UpstreamEvent | undefined {
  const message = tryDecode(bytes)
  if (message === undefined) {
    return undefined
  }
  const { headers, body } = message
  const header = (name: string): string => String(headers[name]?.value ?? '')
  const data = decoder.decode(body)
  switch (header(':message-type')) {
    case 'exception':
      return toError(header(':exception-type'), asObject(parseJson(data)) ?? { message: data })
    case 'error':
      return toError(header(':error-code'), { message: header(':error-message') })
    default:
      return { event: header(':event-type'), data }
  }
}

function toError(type: string, body: object): UpstreamEvent {
  return { event: 'error', data: JSON.stringify({ ...body, __type: type }) }
}

function tryDecode(bytes: Uint8Array): ReturnType<typeof codec.decode> | undefined {
  try {
    return codec.decode(bytes)
  } catch {
    // The codec throws only for wrong checksums and lengths.
    return undefined
  }
}
