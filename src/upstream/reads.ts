/** Reads of a body: 16 KiB of its own memory a read, where the body allows that. */

export interface Reads {
  /**
   * The next bytes, or that it is done. Takes back what the last read gave, whose memory is used again.
   * The promise is the platform's own: one of ours around it would be a cost to every chunk.
   */
  read: (last?: Uint8Array) => Promise<ReadableStreamReadResult<Uint8Array>>
  /** Ends a read that is pending, and tells the upstream. */
  cancel: () => void
}

const readBytes = 16 * 1024

/** A body that is no byte stream is read as it comes. */
export function createReads(body: ReadableStream<Uint8Array>): Reads {
  const bytes = byobReader(body)
  if (bytes === undefined) {
    const reader = body.getReader()
    return { read: () => reader.read(), cancel: () => cancel(reader) }
  }
  return {
    read: (last) => bytes.read(new Uint8Array(last?.buffer ?? new ArrayBuffer(readBytes))),
    cancel: () => cancel(bytes),
  }
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
