/** Reads a body into memory that is used again and again, where the body allows that. */

export interface BodyReads {
  /**
   * Reads the next bytes. Takes back what the last read returned, whose memory is used again. The promise
   * is the platform's own: another one around it would be a cost to every chunk.
   */
  read: (last?: Uint8Array) => Promise<ReadableStreamReadResult<Uint8Array>>
  /** Whether nothing can come after these bytes. */
  isLast: (bytes: Uint8Array) => boolean
  /** Aborts a read that is pending, and the upstream's response. */
  cancel: () => void
}

/** Stands for a read that failed. */
export const brokenRead = { done: true, value: undefined } as const
export const toBrokenRead = (): typeof brokenRead => brokenRead

/** Bytes per read of events, which come in small pieces, and of a non-streaming message. */
const eventBytes = 16 * 1024
const wholeBytes = 8 * 1024

/**
 * Reads of one body; one that is no byte stream is read as it comes. `whole`: nobody waits for its pieces,
 * so a read ends when its memory is full or the body over, without a turn of the loop for each piece.
 */
export function createBodyReads(
  body: ReadableStream<Uint8Array>,
  { whole = false } = {},
): BodyReads {
  const reader = byobReader(body)
  if (reader === undefined) {
    const chunks = body.getReader()
    return { read: () => chunks.read(), isLast: () => false, cancel: () => cancel(chunks) }
  }
  const end = (): void => cancel(reader)
  const toView = (last: Uint8Array | undefined, length: number): Uint8Array =>
    new Uint8Array(last?.buffer ?? new ArrayBuffer(length))
  return whole
    ? {
        read: (last) => reader.readAtLeast(wholeBytes, toView(last, wholeBytes)),
        isLast: ({ length }) => length < wholeBytes,
        cancel: end,
      }
    : { read: (last) => reader.read(toView(last, eventBytes)), isLast: () => false, cancel: end }
}

function cancel(reader: { cancel: () => Promise<void> }): void {
  reader.cancel().catch(() => {
    // It has ended or broken already; there is nothing to cancel.
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
