/** How a body is read that is passed through, and its text, whatever it is framed in. */
import type { Failure } from '../../anthropic/error.ts'
import type { HostError } from '../../dialects/anthropic/response/error.ts'
import type { UpstreamEvent } from '../../dialects/dialect.ts'
import type { Decoder } from '../decode/decoder.ts'
import type { CreateDecoder } from '../decode/load-decoder.ts'

/** How a body of one host is passed through. */
export interface Passage {
  /** The provider's name, for failures. */
  provider: string
  /**
   * Replaces the model's name in a message's JSON; undefined if it has none. Absent if the client's
   * name is the upstream's.
   */
  rename?: (json: string) => string | undefined
  /** How a framed stream is read: its decoder, and the server-sent events for one frame, or `''`. */
  frames?: { createDecoder: CreateDecoder; toEvents: (frame: UpstreamEvent) => string }
  /** Reads an error in the body: JSON, or a text. */
  readError: (body: unknown) => HostError
}

/** Decodes one body. */
export class BodyText {
  readonly #decoder: TextDecoder | undefined
  readonly #frames: Decoder | undefined
  #text = ''
  /** Why nothing can be read any more. */
  #invalid: string | undefined

  constructor({ frames }: Passage) {
    if (frames === undefined) {
      this.#decoder = new TextDecoder()
      return
    }
    this.#frames = frames.createDecoder({
      onEvent: (frame) => {
        this.#text += frames.toEvents(frame)
      },
      onDocument: (text) => {
        this.#text += text
      },
      onInvalid: (detail) => {
        this.#invalid = detail
      },
    })
  }

  get invalid(): string | undefined {
    return this.#invalid
  }

  /** The text of one read, or at the end what is left. */
  decode(bytes?: Uint8Array): string {
    if (this.#decoder !== undefined) {
      return this.#decoder.decode(bytes, { stream: bytes !== undefined })
    }
    this.#text = ''
    if (bytes === undefined) {
      this.#frames?.end()
    } else {
      this.#frames?.write(bytes)
    }
    return this.#text
  }
}

/** Whether a text is a document rather than events; undefined while it is blank. */
export function isDocument(text: string): boolean | undefined {
  const start = /\S/.exec(text)?.[0]
  return start === undefined ? undefined : '{[<"'.includes(start)
}

/** The failure of a body that is neither a message nor an error. */
export function notAnAnswer({ provider }: Passage): Failure {
  const detail = 'neither an event stream nor a message'
  return { kind: 'upstream_invalid_response', provider, detail }
}
