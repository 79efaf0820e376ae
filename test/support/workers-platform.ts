/** What Node lacks of the Workers platform. */

Object.assign(globalThis, { IdentityTransformStream: TransformStream })

Object.assign(ReadableStreamBYOBReader.prototype, {
  /** Reads until there are `min` bytes or the stream ends. Node's own option fails at the end of a stream. */
  async readAtLeast(this: ReadableStreamBYOBReader, min: number, view: Uint8Array<ArrayBuffer>) {
    let { buffer } = view
    let length = 0
    while (length < min) {
      const { done, value } = await this.read(new Uint8Array(buffer, length))
      buffer = value?.buffer ?? buffer
      if (done) {
        break
      }
      length += value.length
    }
    return length === 0
      ? { done: true, value: undefined }
      : { done: false, value: new Uint8Array(buffer, 0, length) }
  },
})
