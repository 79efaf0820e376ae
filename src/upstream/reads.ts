/** Reads of a body: 16 KiB of its own memory a read, where the body allows that. */

export interface Reads {
  /** Resolves to undefined at the end. The bytes are good until the next read. */
  read: () => Promise<Uint8Array | undefined>
  /** Ends a read that is pending, and tells the upstream. */
  cancel: () => void
}

const readBytes = 16 * 1024

/** A body that is no byte stream is read as it comes. */
export function createReads(body: ReadableStream<Uint8Array>): Reads {
  const bytes = byobReader(body)
  if (bytes === undefined) {
    const reader = body.getReader()
    return { read: async () => (await reader.read()).value, cancel: () => cancel(reader) }
  }
  let buffer = new Uint8Array(readBytes)
  const read = async (): Promise<Uint8Array | undefined> => {
    const { done, value } = await bytes.read(buffer)
    if (done || value === undefined) {
      return undefined
    }
    // The same memory, handed back for the next read.
    buffer = new Uint8Array(value.buffer)
    return value
  }
  return { read, cancel: () => cancel(bytes) }
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
