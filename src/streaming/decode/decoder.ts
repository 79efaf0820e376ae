/** Decodes the bytes of one body into upstream events, for any framing. Types only. */
import type { UpstreamEvent } from '../../dialects/dialect.ts'

export interface Decoder {
  /** Decodes one read of any length; characters, lines and messages may be split anywhere. */
  write: (bytes: Uint8Array) => void
  /** Ends the body. */
  end: () => void
}

export interface DecoderSink {
  onEvent: (event: UpstreamEvent) => void
  /** Called once, with the complete body, if it is not a stream of events. */
  onDocument: (text: string) => void
  /** Called once, as the last call, if the events cannot be decoded any more. */
  onInvalid: (detail: string) => void
}

export const eventTooLong = 'an event is too long'
