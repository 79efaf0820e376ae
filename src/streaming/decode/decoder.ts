/** Decodes the bytes of one body into upstream events, for any framing. Types only. */
import type { UpstreamEvent } from '../../dialects/dialect.ts'

/** Decodes a body. Bytes are written in chunks of any size. */
export interface Decoder {
  /** Decodes one read of any length; characters, lines and messages may be split anywhere. */
  write: (bytes: Uint8Array) => void
  /** Ends the body. */
  end: () => void
}

/** Receives what a decoder reads: events, a document in place of a stream, or what is invalid. */
export interface DecoderSink {
  onEvent: (event: UpstreamEvent) => void
  /** Called once, with the complete body, if it is not a stream of events. */
  onDocument: (text: string) => void
  /** Called once, as the last call, if the events cannot be decoded any more. */
  onInvalid: (detail: string) => void
}

/** The detail of an event that exceeds the bound. */
export const eventTooLong = 'an event is too long'
