/** Objects in R2: writes are retried, and encrypted where there is a cipher. */
import { frameBytes } from './object-cipher.ts'
import type { ObjectCipher } from './object-cipher.ts'

/** The methods of an R2 bucket that the store uses. */
export type Bucket = Pick<
  R2Bucket,
  'put' | 'get' | 'delete' | 'list' | 'createMultipartUpload' | 'resumeMultipartUpload'
>

/** The delays before retries of a write in milliseconds. */
const retryWaitsMs = [100, 1000]

/** R2 deletes so many objects per call. */
const deletedPerCall = 1000

/** Marks an object as encrypted, so that those from before the secret was set can still be read. */
const cipherMark = 'aes-256-gcm'

/** Stores objects by name. */
export class ObjectStore {
  readonly #bucket: Bucket
  readonly #cipher: ObjectCipher | undefined

  constructor(bucket: Bucket, cipher: ObjectCipher | undefined) {
    this.#bucket = bucket
    this.#cipher = cipher
  }

  /** Writes an object that is in memory. */
  async put(name: string, bytes: Uint8Array): Promise<void> {
    const writer = this.write(name)
    await writer.add(bytes)
    await writer.end()
  }

  /** Begins an object that is written in parts; it exists once the writer has ended. */
  write(name: string): ObjectWriter {
    return new ObjectWriter(this.#bucket, this.#cipher, name)
  }

  /** Opens an object; undefined if there is none. */
  async get(name: string): Promise<ReadableStream<Uint8Array> | undefined> {
    const object = await this.#bucket.get(name)
    if (object === null) {
      return undefined
    }
    if (object.customMetadata?.['cipher'] !== cipherMark) {
      return object.body
    }
    if (this.#cipher === undefined) {
      await object.body.cancel()
      throw new Error(`object ${name} is encrypted, and the secret STORAGE_KEY is not set`)
    }
    return this.#cipher.open(object.body, name)
  }

  /** Reads an object into memory; undefined if there is none. */
  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const body = await this.get(name)
    return body && new Uint8Array(await new Response(body).arrayBuffer())
  }

  /** Deletes objects; those that do not exist are ignored. */
  async delete(names: readonly string[]): Promise<void> {
    for (let at = 0; at < names.length; at += deletedPerCall) {
      await this.#bucket.delete(names.slice(at, at + deletedPerCall))
    }
  }

  /** Deletes all objects whose names begin with `prefix`. */
  async deleteAll(prefix: string): Promise<void> {
    for (;;) {
      const { objects, truncated } = await this.#bucket.list({ prefix, limit: deletedPerCall })
      await this.delete(objects.map(({ key }) => key))
      if (!truncated) {
        return
      }
    }
  }
}

/** One object while it is written: a short one by a single put, a longer one in parts. */
export class ObjectWriter {
  readonly #bucket: Bucket
  readonly #cipher: ObjectCipher | undefined
  readonly #name: string
  readonly #parts: R2UploadedPart[] = []
  #buffer = new Uint8Array(0)
  #length = 0
  #upload: R2MultipartUpload | undefined

  constructor(bucket: Bucket, cipher: ObjectCipher | undefined, name: string) {
    this.#bucket = bucket
    this.#cipher = cipher
    this.#name = name
  }

  async add(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      // A full buffer is held until more comes, since the last part is another call.
      if (this.#length === frameBytes) {
        await this.#sendPart(false)
      }
      const taken = chunk.subarray(at, at + frameBytes - this.#length)
      this.#reserve(taken.length)
      this.#buffer.set(taken, this.#length)
      this.#length += taken.length
      at += taken.length
    }
  }

  /** Completes the object. */
  async end(): Promise<void> {
    if (this.#upload === undefined) {
      const bytes = await this.#seal(true)
      const options = this.#options()
      await retry(() => this.#bucket.put(this.#name, bytes, options))
      return
    }
    await this.#sendPart(true)
    const upload = this.#upload
    await retry(() => upload.complete(this.#parts))
  }

  /** Discards what was written. */
  async abort(): Promise<void> {
    await this.#upload?.abort()
  }

  async #sendPart(isLast: boolean): Promise<void> {
    const bytes = await this.#seal(isLast)
    const upload = (this.#upload ??= await retry(() =>
      this.#bucket.createMultipartUpload(this.#name, this.#options()),
    ))
    const number = this.#parts.length + 1
    this.#parts.push(await retry(() => upload.uploadPart(number, bytes)))
    this.#length = 0
  }

  async #seal(isLast: boolean): Promise<Uint8Array> {
    const plain = this.#buffer.subarray(0, this.#length)
    const frame = { name: this.#name, index: this.#parts.length, isLast }
    return this.#cipher === undefined ? plain : this.#cipher.seal(plain, frame)
  }

  #options(): R2PutOptions {
    return this.#cipher === undefined ? {} : { customMetadata: { cipher: cipherMark } }
  }

  /** Grows the buffer to take `more` bytes, by doubling up to a frame. */
  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed > this.#buffer.length) {
      const grown = new Uint8Array(Math.min(frameBytes, Math.max(needed, 2 * this.#buffer.length)))
      grown.set(this.#buffer.subarray(0, this.#length))
      this.#buffer = grown
    }
  }
}

async function retry<Value>(call: () => Promise<Value>): Promise<Value> {
  for (const waitMs of retryWaitsMs) {
    try {
      return await call()
    } catch {
      // The last call reports its error.
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
  }
  return call()
}
