/**
 * Splits the body of a new batch, `{"requests":[…]}`, into the elements of its list as its bytes come, so that
 * no body is held whole: one of 256 MB would not fit into an isolate.
 *
 * Only strings and nesting are followed. What lies outside of the elements is kept as a skeleton, with a 0 for
 * each element: the body is JSON if and only if the skeleton and each element are, which is left to JSON.parse.
 */
import { invalidRequest } from '../../anthropic/error.ts'
import { isObject, parseJson } from '../../anthropic/json.ts'
import { maxBodyBytes } from '../../exchange/request/parse-body.ts'
import { append } from '../../platform/append.ts'
import { concatenate } from '../../platform/bytes.ts'

const code = {
  quote: 0x22,
  comma: 0x2c,
  zero: 0x30,
  colon: 0x3a,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
}

/** The most bytes outside of the elements: 100,000 elements need twice as many. */
const maxSkeletonBytes = 1024 * 1024

/** The depth of the elements: the body's object, the list. */
const elementDepth = 2

const byteOrderMark = [0xef, 0xbb, 0xbf]

/**
 * Splits the bytes of `{"requests":[…]}` into the bytes of each element. Bytes are pushed in chunks of any
 * size.
 */
export class RequestSplitter {
  readonly #skeleton: number[] = []
  /** The current element's bytes of earlier chunks. */
  #pieces: Uint8Array[] = []
  #elementBytes = 0
  #depth = 0
  #inString = false
  #isEscaped = false
  /** Whether the list `requests` is open. */
  #inList = false
  /** Whether a byte of the current element has come. */
  #inElement = false
  #lists = 0
  /** Bytes of a byte order mark. */
  #markBytes = 0
  /** The number of bytes before the current chunk. */
  #offset = 0
  #count = 0

  /**
   * Takes the next bytes; returns the elements that they complete. Throws a GatewayError `invalid_request` for
   * an element that is too long.
   */
  push(chunk: Uint8Array): Uint8Array[] {
    const elements: Uint8Array[] = []
    let start = 0
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0
      if (this.#inString) {
        at = this.#skipString(chunk, at)
        continue
      }
      if (isSpace(byte) || this.#skipMark(byte, this.#offset + at)) {
        continue
      }
      if (this.#isEnd(byte)) {
        append(elements, this.#finish(chunk.subarray(start, at)))
      } else if (this.#inList && !this.#inElement) {
        this.#inElement = true
        start = at
      }
      this.#follow(byte)
    }
    if (this.#inElement) {
      this.#add(chunk.subarray(start))
    }
    this.#offset += chunk.length
    return elements
  }

  /** Ends the body. Throws a GatewayError `invalid_request` for anything that is no list of requests. */
  end(): void {
    const body = parseJson(new TextDecoder().decode(Uint8Array.from(this.#skeleton)))
    const hasMark = this.#markBytes === 0 || this.#markBytes === byteOrderMark.length
    if (body === undefined || !hasMark) {
      throw invalidRequest('The request body is not valid JSON')
    }
    if (!isObject(body)) {
      throw invalidRequest('Input should be a valid dictionary')
    }
    const extra = Object.keys(body).find((key) => key !== 'requests')
    if (extra !== undefined) {
      throw invalidRequest(`${extra.slice(0, 100)}: Extra inputs are not permitted`)
    }
    if (!('requests' in body)) {
      throw invalidRequest('requests: Field required')
    }
    if (!Array.isArray(body['requests'])) {
      throw invalidRequest('requests: Input should be a valid list')
    }
    if (this.#lists > 1) {
      throw invalidRequest('requests: the field appears more than once')
    }
    if (this.#count === 0) {
      throw invalidRequest('requests: List should have at least 1 item')
    }
  }

  /** Follows a byte outside of strings. */
  #follow(byte: number): void {
    const opens = byte === code.openBrace || byte === code.openBracket
    if (!this.#inElement) {
      this.#outline(byte)
    }
    if (byte === code.quote) {
      this.#inString = true
    } else if (opens) {
      this.#depth += 1
      this.#enter(byte)
    } else if (byte === code.closeBrace || byte === code.closeBracket) {
      this.#depth -= 1
      if (this.#depth < elementDepth) {
        this.#inList = false
      }
    }
  }

  /** Whether the list begins that is the value of the body's field `requests`. */
  #enter(byte: number): void {
    if (
      this.#depth === elementDepth &&
      byte === code.openBracket &&
      !this.#inList &&
      /"requests":\[$/.test(this.#tail())
    ) {
      this.#inList = true
      this.#lists += 1
    }
  }

  /** The end of the skeleton. Escapes in the name of the field are not undone: no client writes them. */
  #tail(): string {
    return new TextDecoder().decode(Uint8Array.from(this.#skeleton.slice(-12)))
  }

  /** Skips to the end of a string, or of the chunk; returns the index of the last byte. */
  #skipString(chunk: Uint8Array, from: number): number {
    let at = from
    for (; at < chunk.length; at++) {
      const byte = chunk[at]
      if (!this.#inElement) {
        this.#outline(byte ?? 0)
      }
      if (this.#isEscaped) {
        this.#isEscaped = false
      } else if (byte === code.backslash) {
        this.#isEscaped = true
      } else if (byte === code.quote) {
        this.#inString = false
        return at
      }
    }
    return at
  }

  #outline(byte: number): void {
    if (this.#skeleton.length >= maxSkeletonBytes) {
      throw invalidRequest('The request body has too many bytes outside of "requests"')
    }
    this.#skeleton.push(byte)
  }

  #add(piece: Uint8Array): void {
    this.#elementBytes += piece.length
    if (this.#elementBytes > maxBodyBytes) {
      throw invalidRequest(`requests.${this.#count}: a request has at most ${maxBodyBytes} bytes`)
    }
    // A copy, since the element outlives the chunk.
    this.#pieces.push(piece.slice())
  }

  /** Whether a byte ends an element of the list, or follows a missing one. */
  #isEnd(byte: number): boolean {
    const ends = byte === code.comma || byte === code.closeBracket || byte === code.closeBrace
    return ends && this.#inList && this.#depth === elementDepth
  }

  /**
   * Ends the current element; returns it, or nothing where one is missing: the skeleton has no 0 for it then, and
   * is no JSON.
   */
  #finish(piece: Uint8Array): [] | [Uint8Array] {
    if (!this.#inElement) {
      return []
    }
    this.#add(piece)
    const element = concatenate(this.#pieces)
    this.#count += 1
    this.#inElement = false
    this.#pieces = []
    this.#elementBytes = 0
    this.#outline(code.zero)
    return [element]
  }

  /** Whether the byte is one of a byte order mark at the beginning. */
  #skipMark(byte: number, position: number): boolean {
    const isMark = position === this.#markBytes && byte === byteOrderMark[position]
    if (isMark) {
      this.#markBytes += 1
    }
    return isMark
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
