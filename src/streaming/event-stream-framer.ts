/**
 * Bytes → upstream events, for AWS's binary event stream
 * (https://smithy.io/2.0/aws/amazon-eventstream.html): messages with a length in front, headers, and
 * checksums, which are checked. Knows no stream API.
 */
import { EventStreamCodec } from '@smithy/core/event-streams'

import { asObject, parseJson } from '../anthropic/json.ts'
import type { UpstreamEvent } from '../dialects/dialect.ts'
import type { Framer, FramerListener } from './framer.ts'

export interface EventStreamListener extends FramerListener {
  /** A message is damaged; nothing is said after it. */
  onBroken: (detail: string) => void
}

/** What AWS allows for one message, and a little more. */
const maxBytes = 32 * 1024 * 1024
/** The length of the whole, that of the headers, and a checksum. */
const preludeBytes = 12

const decoder = new TextDecoder()
const encoder = new TextEncoder()
const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : decoder.decode(bytes)),
  (text) => encoder.encode(text),
)

/** A framer for one body. An answer that is JSON though a stream was asked for is a document. */
export function createEventStreamFramer(listener: EventStreamListener): Framer {
  let kind: 'unknown' | 'messages' | 'document' | 'ended' = 'unknown'
  let rest = new Uint8Array()

  function end(): void {
    kind = 'ended'
    rest = new Uint8Array()
  }

  function takeMessages(): void {
    let at = 0
    for (;;) {
      const message = firstMessage(rest.subarray(at))
      if (message === 'cut') {
        rest = rest.slice(at)
        return
      }
      if (message === 'damaged') {
        end()
        listener.onBroken('a damaged message')
        return
      }
      at += message.length
      listener.onEvent(message.event)
    }
  }

  return {
    feed(bytes) {
      if (kind === 'ended' || bytes.length === 0) {
        return
      }
      rest = rest.length === 0 ? bytes.slice() : concatenate(rest, bytes)
      kind = kind === 'unknown' ? kindOf(rest) : kind
      if (kind === 'messages') {
        takeMessages()
      }
      if (rest.length > maxBytes) {
        end()
        listener.onOverflow()
      }
    },
    // Of a message that is cut nothing is said: what was missing is for the reader to tell.
    finish() {
      if (kind === 'document') {
        listener.onDocument(decoder.decode(rest))
      }
    },
  }
}

/** The message at the beginning, once all of it is there. */
function firstMessage(
  bytes: Uint8Array,
): { length: number; event: UpstreamEvent } | 'cut' | 'damaged' {
  if (bytes.length < preludeBytes) {
    return 'cut'
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  if (bytes.length < length) {
    return 'cut'
  }
  const event = decode(bytes.subarray(0, length))
  return event === undefined ? 'damaged' : { length, event }
}

/** No message is so long that the first byte of its length is that of a letter or a bracket. */
function kindOf(bytes: Uint8Array): 'messages' | 'document' {
  return (bytes[0] ?? 0) < 0x09 ? 'messages' : 'document'
}

/**
 * Undefined for what is damaged. What went wrong at the upstream comes as `error`, with the name of
 * the exception as `__type` beside what it says.
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

function toError(type: string, said: object): UpstreamEvent {
  return { event: 'error', data: JSON.stringify({ ...said, __type: type }) }
}

function tryDecode(bytes: Uint8Array): ReturnType<typeof codec.decode> | undefined {
  try {
    return codec.decode(bytes)
  } catch {
    // The codec throws for nothing but checksums and lengths that are wrong.
    return undefined
  }
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}
