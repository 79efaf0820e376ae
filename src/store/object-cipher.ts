/**
 * Encryption of stored objects with AES-256-GCM, where the operator sets a secret. An object is a sequence of
 * frames, each with a nonce of its own, so that it can be written and read in parts:
 *
 *   frame: nonce (12 bytes), ciphertext of up to 8 MiB, tag (16 bytes)
 *
 * The object's name, the frame's index and whether it is the last are authenticated: a frame cannot be moved,
 * and an object cannot be cut without notice.
 */

/** The plain bytes of each frame but the last. R2 wants parts of equal length, of at least 5 MiB. */
export const frameBytes = 8 * 1024 * 1024

const nonceBytes = 12
const tagBytes = 16

/** Encrypts and decrypts stored objects. */
export class ObjectCipher {
  readonly #key: CryptoKey

  private constructor(key: CryptoKey) {
    this.#key = key
  }

  /** `secret`: any text with enough randomness, such as 32 random bytes in base64. */
  static async of(secret: string): Promise<ObjectCipher> {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret))
    const usages = ['encrypt', 'decrypt']
    return new ObjectCipher(await crypto.subtle.importKey('raw', digest, 'AES-GCM', false, usages))
  }

  async seal(bytes: Uint8Array, frame: Frame): Promise<Uint8Array<ArrayBuffer>> {
    const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes))
    const sealed = await crypto.subtle.encrypt(toParameters(nonce, frame), this.#key, bytes)
    const framed = new Uint8Array(nonceBytes + sealed.byteLength)
    framed.set(nonce)
    framed.set(new Uint8Array(sealed), nonceBytes)
    return framed
  }

  /** Decrypts the frames of an object. The stream fails for one that was changed or is incomplete. */
  open(body: ReadableStream<Uint8Array>, name: string): ReadableStream<Uint8Array> {
    const sealedFrame = nonceBytes + frameBytes + tagBytes
    const buffer = new Uint8Array(sealedFrame)
    let length = 0
    let index = 0
    const decrypt = async (isLast: boolean): Promise<Uint8Array> => {
      const parameters = toParameters(buffer.slice(0, nonceBytes), { name, index, isLast })
      const sealed = buffer.slice(nonceBytes, length)
      const plain = await crypto.subtle.decrypt(parameters, this.#key, sealed)
      index += 1
      length = 0
      return new Uint8Array(plain)
    }
    return body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        async transform(chunk, controller) {
          for (let at = 0; at < chunk.length;) {
            // Whether a full frame is the last shows only when another byte comes.
            if (length === sealedFrame) {
              controller.enqueue(await decrypt(false))
            }
            const taken = chunk.subarray(at, at + sealedFrame - length)
            buffer.set(taken, length)
            length += taken.length
            at += taken.length
          }
        },
        async flush(controller) {
          controller.enqueue(await decrypt(true))
        },
      }),
    )
  }
}

/** What is authenticated with a frame. */
export interface Frame {
  /** The object's name. */
  name: string
  /** The number of the frame, from 0. */
  index: number
  isLast: boolean
}

function toParameters(nonce: Uint8Array<ArrayBuffer>, { name, index, isLast }: Frame) {
  const context = `${name}\n${index}\n${isLast ? 'last' : 'more'}`
  return { name: 'AES-GCM', iv: nonce, additionalData: new TextEncoder().encode(context) }
}
