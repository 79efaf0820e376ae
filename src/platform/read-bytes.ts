/** Reads a body that may be longer than wanted. */
import { concatenate } from './bytes.ts'

/**
 * Reads all bytes; undefined, with the rest canceled, if there are more than `maxBytes`. Throws if
 * reading fails.
 */
export async function readBytes(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    length += chunk.length
    if (length > maxBytes) {
      // Leaving the loop cancels the stream.
      return undefined
    }
    chunks.push(chunk)
  }
  return concatenate(chunks)
}
