/** Reads of a body into memory that is used again and again, where the body allows that. */

export interface Reads {
  /**
   * The next bytes, or that it is done. Takes back what the last read gave, whose memory is used again.
   * The promise is the platform's own: one of ours around it would be a cost to every chunk.
   */
  read: (last?: Uint8Array) => Promise<ReadableStreamReadResult<Uint8Array>>
  /** Whether nothing can come after these bytes. */
  isLast: (bytes: Uint8Array) => boolean
  /** Ends a read that is pending, and tells the upstream. */
  cancel: () => void
}

/** What stands for a read that did not come to its end. */
export const broken = { done: true, value: undefined } as const
export const toBroken = (): typeof broken => broken

/** Of events, which come in small pieces; and of an answer in one piece. */
const eventBytes = 16 * 1024
const wholeBytes = 8 * 1024

/**
 * A body that is no byte stream is read as it comes. `whole`: nobody waits for the pieces of this one,
 * so a read ends when its memory is full or the body over, without a turn of the loop for each piece.
 */
export function createReads(body: ReadableStream<Uint8Array>, { whole = false } = {}): Reads {
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
