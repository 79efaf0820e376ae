/** Reads a body into reused memory, if the body is a byte stream. */

/** The result of a read: bytes, or the end of the body. */
export type Read = ReadableStreamReadResult<Uint8Array>

/** Reads a body chunk by chunk. */
export interface BodyReads {
  /**
   * Reads the next bytes; `last` is the result of the previous read, whose memory is reused. The
   * promise is the platform's own: another one around it would cost every chunk.
   */
  read: (last?: Uint8Array) => Promise<Read>
  /** Returns whether these bytes are the last. */
  isLast: (bytes: Uint8Array) => boolean
  /** Aborts a pending read, and the upstream's response. */
  cancel: () => void
}

/** The result of a failed read. */
export const brokenRead = { done: true, value: undefined } as const

/** The result of a read that failed, for `catch`. */
export const toBrokenRead = (): typeof brokenRead => brokenRead

/** The bytes per read of events, which arrive in small chunks, and of a non-streaming message. */
const eventBytes = 16 * 1024
const bufferedBytes = 8 * 1024

/**
 * Creates the reads of one body; one that is not a byte stream is read chunk by chunk. `isDocument`: the
 * body is used only when complete, so that a read ends when its memory is full or the body has
 * ended, without an iteration for each chunk. `bytes`: the most that another read returns.
 */
export function createBodyReads(
  body: ReadableStream<Uint8Array>,
  { isDocument = false, bytes = eventBytes } = {},
): BodyReads {
  const reader = byobReader(body)
  if (reader === undefined) {
    const chunks = body.getReader()
    return { read: () => chunks.read(), isLast: () => false, cancel: () => cancel(chunks) }
  }
  const end = (): void => cancel(reader)
  const toView = (last: Uint8Array | undefined, length: number): Uint8Array =>
    new Uint8Array(last?.buffer ?? new ArrayBuffer(length))
  return isDocument
    ? {
        read: (last) => reader.readAtLeast(bufferedBytes, toView(last, bufferedBytes)),
        isLast: ({ length }) => length < bufferedBytes,
        cancel: end,
      }
    : { read: (last) => reader.read(toView(last, bytes)), isLast: () => false, cancel: end }
}

function cancel(reader: { cancel: () => Promise<void> }): void {
  reader.cancel().catch(() => {
    // It has already ended or failed; there is nothing to cancel.
  })
}

function byobReader(body: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return body.getReader({ mode: 'byob' })
  } catch (error) {
    if (error instanceof TypeError) {
      return undefined
    }
    throw error
  }
}
