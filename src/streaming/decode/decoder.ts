/** Bytes of one body → upstream events, whatever they are framed in. Types. */
import type { UpstreamEvent } from '../../dialects/dialect.ts'

export interface Decoder {
  /** Decodes one read, of any length; a character, line or message may be cut anywhere. */
  write: (bytes: Uint8Array) => void
  /** The body is complete. */
  end: () => void
}

export interface DecoderSink {
  onEvent: (event: UpstreamEvent) => void
  /** Called once, with the whole body, where it turned out to be no stream of events. */
  onDocument: (text: string) => void
  /** Called once, where no events can be read any more; nothing is called after it. */
  onInvalid: (detail: string) => void
}

export const eventTooLong = 'an event is too long'
